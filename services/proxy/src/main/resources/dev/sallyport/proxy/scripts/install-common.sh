set -eu

proxy=@PROXY@
version=@VERSION@
sum_amd64=@SUM_AMD64@
sum_arm64=@SUM_ARM64@

die() {
  echo "install: $*" >&2
  exit 1
}

# By whom the Proxy is known that has a certificate of a private authority.
authority=${SSL_CERT_FILE:-}

# options ARGUMENTS...: takes --cacert=FILE, which names that authority as well.
options() {
  for argument in "$@"; do
    case $argument in
      --cacert=*) authority=${argument#--cacert=} ;;
    esac
  done
  [ -z "$authority" ] || [ -r "$authority" ] || die "$authority, which is to be trusted, can't be read"
}

# fetch URL FILE: over TLS alone, and from nowhere else than asked.
fetch() {
  if command -v curl >/dev/null; then
    curl --proto '=https' --fail --silent --show-error ${authority:+--cacert "$authority"} --output "$2" "$1"
  elif command -v wget >/dev/null; then
    wget --quiet --https-only --max-redirect=0 ${authority:+--ca-certificate="$authority"} --output-document="$2" "$1"
  else
    die "needs curl or wget"
  fi
}

# Prints what goes before a command that needs root.
as_root() {
  [ "$(id -u)" != 0 ] || return 0
  case "$*" in *--prefix=*) return 0 ;; esac
  command -v sudo || command -v doas || die "run it as root, or install sudo"
}

# install_programs OPTIONS: downloads the package, checks it, and runs its installer.
install_programs() {
  [ "$(uname -s)" = Linux ] || die "is for Linux; for other systems see the documents"
  case $(uname -m) in
    x86_64 | amd64) arch=amd64 sum=$sum_amd64 ;;
    aarch64 | arm64) arch=arm64 sum=$sum_arm64 ;;
    *) die "there is no package for $(uname -m)" ;;
  esac
  package=sallyport-v$version-linux-$arch-bin.tar.gz
  [ -n "$sum" ] || die "the Proxy has no package for linux-$arch:" \
    "its operator puts $package into the folder 'packages' of the Proxy's data folder"
  command -v sha256sum >/dev/null || die "needs sha256sum"
  root=$(as_root "$@")
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  echo "Downloading $package ..." >&2
  fetch "https://$proxy/webapi/packages/$package" "$folder/$package" \
    || die "$package could not be downloaded from $proxy"
  echo "$sum  $folder/$package" | sha256sum -c --status \
    || die "$package is damaged: its checksum is not the one that the Proxy told"
  tar -xzf "$folder/$package" -C "$folder" --no-same-owner
  $root "$folder/teleport/install" "$@"
}
