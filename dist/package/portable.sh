#!/bin/sh
# Starts @PROGRAM@ with the jars of ../lib and a Java of this machine, 25 or newer: the one of SALLYPORT_JAVA_HOME,
# else of JAVA_HOME, else of PATH. SALLYPORT_JAVA_OPTS adds options for it.
set -eu

# resolved FILE: without links. macOS has had `readlink -f` for a few years alone.
resolved() {
  file=$1
  while [ -L "$file" ]; do
    target=$(readlink "$file")
    case $target in
      /*) file=$target ;;
      *) file=${file%/*}/$target ;;
    esac
  done
  echo "$file"
}

# version_of JAVA: 25, 17, or nothing. Asks the program itself only where its folder does not say.
version_of() {
  if [ -r "${1%/bin/java}/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "${1%/bin/java}/release"
  else
    "$1" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p'
  fi
}

# use JAVA FROM: whether it can be taken; why not is kept for the message.
java=
seen=
use() {
  if [ ! -x "$1" ]; then
    seen="$seen; $2 has no bin/java"
    return 1
  fi
  version=$(version_of "$1" || true)
  case $version in
    '' | *[!0-9]*) seen="$seen; $2 is no working Java" ;;
    *)
      if [ "$version" -ge 25 ]; then
        java=$1
        return 0
      fi
      # Before 9 they were called 1.8.
      [ "$version" != 1 ] || version=8
      seen="$seen; $2 is Java $version"
      ;;
  esac
  return 1
}

find_java() {
  if [ -n "${SALLYPORT_JAVA_HOME:-}" ]; then
    use "$SALLYPORT_JAVA_HOME/bin/java" "SALLYPORT_JAVA_HOME=$SALLYPORT_JAVA_HOME"
    return
  fi
  if [ -n "${JAVA_HOME:-}" ] && use "$JAVA_HOME/bin/java" "JAVA_HOME=$JAVA_HOME"; then
    return 0
  fi
  on_path=$(command -v java || true)
  case $on_path in
    /*) use "$(resolved "$on_path")" "$on_path" ;;
    *)
      seen="$seen; PATH has no java"
      return 1
      ;;
  esac
}

if ! find_java; then
  echo "@PROGRAM@: needs Java 25 or newer, and found none: ${seen#; }." \
    "Install one, for example Temurin 25, or set JAVA_HOME to where it is." >&2
  exit 1
fi

self=$(resolved "$0")
lib=$(cd "${self%/*}/../lib" && pwd -P)

kind=short
for word in "$@"; do
  case $word in
    proxy | connect) kind=tunnel ;;
  esac
done

# glibc keeps a heap for each of many threads otherwise.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"

# shellcheck disable=SC2086 # several options may stand in SALLYPORT_JAVA_OPTS
exec "$java" "@$lib/command.options" "@$lib/portable.options" "@$lib/$kind.options" \
  ${SALLYPORT_JAVA_OPTS:-} -cp "$lib/*" @MAIN@ "$@"
