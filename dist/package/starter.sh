#!/bin/sh
# Starts @PROGRAM@ with the Java runtime of ../runtime and the jars of ../lib. SALLYPORT_JAVA_OPTS adds
# options for it, SALLYPORT_JAVA_HOME names another Java.
set -eu

self=$0
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
home=$(cd "${self%/*}/.." && pwd -P)
# What a unit of systemd is to start: the link, which a later version moves.
case $0 in
  /*) SALLYPORT_PROGRAM=$0 ;;
  *) SALLYPORT_PROGRAM=$home/bin/@PROGRAM@ ;;
esac
export SALLYPORT_PROGRAM
lib=$home/lib

kind=@KIND@
for word in "$@"; do
  case $kind-$word in
    short-proxy | short-connect) kind=tunnel ;;
  esac
done
cache=@PROGRAM@
if [ "$kind" = service ]; then
  own=$("$lib/service-cache" "$@") || own=$cache
  [ ! -f "$lib/$own.aot" ] || cache=$own
fi

# Another class than the program's own: lib/make-caches runs several commands in one process.
set -- -cp "@CLASS_PATH@" \
  "${SALLYPORT_MAIN:-@MAIN@}" "$@"

if [ -n "${SALLYPORT_JAVA_HOME:-}" ]; then
  java=$SALLYPORT_JAVA_HOME/bin/java
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$SALLYPORT_JAVA_HOME/release" 2>/dev/null || true)
  if [ ! -x "$java" ] || [ "${version:-0}" -lt 25 ]; then
    echo "@PROGRAM@: SALLYPORT_JAVA_HOME=$SALLYPORT_JAVA_HOME holds no Java 25 or newer" >&2
    exit 1
  fi
else
  java=$home/runtime/bin/java
  # What was prepared ahead of time, by this runtime and for these jars. A start without it, or with one
  # that does not fit, is slower and nothing else; so nobody is told. Java refuses to start when other
  # options of that kind are given with it.
  case "${SALLYPORT_JAVA_OPTS:-} ${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-}" in
    *-Xshare* | *AOT* | *Shared* | *ClassList* | *Archive*) ;;
    *)
      if [ -f "$lib/$cache.aot" ]; then
        set -- "-XX:AOTCache=$lib/$cache.aot" '-Xlog:aot*=off,cds*=off' "$@"
      fi
      ;;
  esac
fi

# glibc keeps a heap for each of many threads otherwise.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"

# shellcheck disable=SC2086 # several options may stand in SALLYPORT_JAVA_OPTS
exec "$java" @OPTIONS@ "@$lib/$kind.options" \
  ${SALLYPORT_JAVA_OPTS:-} "$@"
