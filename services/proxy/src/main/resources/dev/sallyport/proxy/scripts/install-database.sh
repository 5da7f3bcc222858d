
token=@TOKEN@
method=@METHOD@
pins=@PINS@
config=/etc/teleport.yaml
state=/var/lib/teleport
unit=/etc/systemd/system/teleport.service
teleport=/usr/local/bin/teleport
environment=/etc/default/teleport

# What a private authority signed is trusted beside what this host trusts already.
trust_authority() {
  for usual in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/ca-bundle.pem; do
    [ ! -r "$usual" ] || break
  done
  { cat "$usual" 2>/dev/null || true; cat "$authority"; } >"$state/trusted.pem"
  mkdir -p "${environment%/*}"
  grep -q '^SSL_CERT_FILE=' "$environment" 2>/dev/null \
    || printf 'SSL_CERT_FILE=%s\n' "$state/trusted.pem" >>"$environment"
}

main() {
  options "$@"
  [ "$(id -u)" = 0 ] || die "run it as root: curl … | sudo bash"
  [ ! -e "$config" ] || die "$config is there already, and is not replaced; move it away first"
  command -v systemctl >/dev/null || die "needs systemd, which would run the service"
  install_programs --prefix=/usr/local
  umask 077
  mkdir -p "$state"
  if [ "$method" = token ]; then
    # By a file, so that no list of processes shows the token.
    printf '%s\n' "$token" >"$state/join-token"
    token=$state/join-token
  fi
  set -- --output="file://$config" --proxy="$proxy" --join-method="$method" --token="$token" @MATCHERS@
  for pin in $pins; do
    set -- "$@" --ca-pin="$pin"
  done
  [ -z "$authority" ] || trust_authority
  "$teleport" db configure create "$@" >/dev/null
  [ -e "$unit" ] || "$teleport" install systemd --output="file://$unit" --teleport-path="$teleport" >/dev/null
  systemctl daemon-reload
  systemctl enable --now teleport
  echo "Teleport $version is installed, and its Database Service was started."
  echo "See what it does with: journalctl -fu teleport"
}

# Nothing runs before the whole script has come.
main "$@"
