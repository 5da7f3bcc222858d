# shellcheck shell=bash disable=SC2154 # what is not set here is set there
# Part of dist/assemble: tsh and tctl for any Java 25, as a zip of jars and starters without native libraries.

portable() {
  local zip=sallyport-v$version-portable.zip folder=$out/sallyport program kind
  mkdir -p "$folder/bin" "$folder/lib" "$folder/share/bash-completion/completions" "$folder/share/man/man1"
  for kind in command short tunnel portable; do
    cp "dist/options/$kind" "$folder/lib/$kind.options"
  done
  portable_starter tsh dev.sallyport.tsh.TshMain
  portable_starter tctl dev.sallyport.tctl.TctlMain
  portable_jars >"$out/names"
  package_tool jars target/sallyport/lib "$folder/lib" none "$out/names"
  rm "$out/names"
  for program in tsh tctl; do
    cp "$root/share/bash-completion/completions/$program" "$folder/share/bash-completion/completions/"
    cp "$root/share/man/man1/$program.1" "$folder/share/man/man1/"
  done
  cp LICENSE "$root/VERSION" "$folder/"
  cp dist/package/README-portable.md "$folder/README.md"
  package_tool part "$root/sbom.cdx.json" "$folder/lib" "$folder/sbom.cdx.json"
  licences "$folder"
  checksums "$folder"
  chmod -R u=rwX,go=rX "$folder"
  chmod 755 "$folder"/bin/tsh "$folder"/bin/tctl
  archive zip "$folder" "$out/$zip" "$(epoch)"
  cp "$folder/sbom.cdx.json" "$out/sallyport-v$version-portable-sbom.cdx.json"
  rm -rf "$folder"
  packed "$zip"
}

# What both programs are made of. Netty's libraries in C are for one system each; without them it uses Java's own.
portable_jars() {
  local module
  for module in cli/tsh cli/tctl; do
    basename "$module"/target/sallyport-*.jar
    { cat "$module/target/class-path.txt"; echo; } | tr ':' '\n' | sed 's,.*/,,'
  done | grep -v -e '-linux-[^-]*\.jar$' | LC_ALL=C sort -u
}

# portable_starter PROGRAM MAIN
portable_starter() {
  sed -e "s|@PROGRAM@|$1|g" -e "s|@MAIN@|$2|" dist/package/portable.sh >"$out/sallyport/bin/$1"
  sed -e "s|@PROGRAM@|$1|g" -e "s|@MAIN@|$2|" -e 's/$/\r/' dist/package/portable.cmd >"$out/sallyport/bin/$1.cmd"
}
