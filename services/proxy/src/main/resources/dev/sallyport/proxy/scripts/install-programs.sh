
main() {
  options "$@"
  # What is left is for the installer.
  for argument in "$@"; do
    shift
    case $argument in
      --cacert=*) ;;
      *) set -- "$@" "$argument" ;;
    esac
  done
  install_programs "$@"
  echo "Teleport $version is installed."
}

# Nothing runs before the whole script has come.
main "$@"
