
token=@TOKEN@
pin=@PIN@
config=/etc/teleport.yaml
state=/var/lib/teleport
unit=/etc/systemd/system/teleport.service
teleport=/usr/local/bin/teleport

main() {
  [ "$(id -u)" = 0 ] || die "run it as root: curl … | sudo bash"
  [ ! -e "$config" ] || die "$config is there already, and is not replaced; move it away first"
  command -v systemctl >/dev/null || die "needs systemd, which would run the service"
  install_programs --prefix=/usr/local
  umask 077
  mkdir -p "$state"
  # By a file, so that no list of processes shows the token.
  printf '%s\n' "$token" >"$state/join-token"
  set -- --output="file://$config" --proxy="$proxy" --token="$state/join-token" @MATCHERS@
  [ -z "$pin" ] || set -- "$@" --ca-pin="$pin"
  "$teleport" db configure create "$@" >/dev/null
  [ -e "$unit" ] || "$teleport" install systemd --output="file://$unit" --teleport-path="$teleport" >/dev/null
  systemctl daemon-reload
  systemctl enable --now teleport
  echo "Teleport $version is installed, and its Database Service was started."
  echo "See what it does with: journalctl -fu teleport"
}

# Nothing runs before the whole script has come.
main
