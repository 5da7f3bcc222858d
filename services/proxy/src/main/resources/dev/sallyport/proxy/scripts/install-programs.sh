
main() {
  install_programs "$@"
  echo "Teleport $version is installed."
}

# Nothing runs before the whole script has come.
main "$@"
