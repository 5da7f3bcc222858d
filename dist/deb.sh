# shellcheck shell=bash disable=SC2154 # what is not set here is set there
# Part of dist/assemble: the package for Debian and Ubuntu, of what the tarball has. Needs no tool of Debian.

deb() {
  local file=sallyport_${version}_$arch.deb stage=$out/deb
  deb_files "$stage/data"
  deb_control "$stage/data" "$stage/control"
  printf '2.0\n' >"$stage/debian-binary"
  deb_tar control "$stage" && deb_tar data "$stage"
  archive ar "$out/$file" "$(epoch)" "$stage"/{debian-binary,control.tar.gz,data.tar.gz}
  rm -rf "$stage"
  packed "$file"
}

# deb_files TO: each file where Debian has its kind.
deb_files() {
  local lib=$1/usr/lib/sallyport doc=$1/usr/share/doc/sallyport program
  mkdir -p "$1"/usr/{bin,lib/systemd/system} "$1"/usr/share/{man/man1,bash-completion/completions,lintian/overrides} \
    "$lib" "$doc"
  # With the times of files: the JDK's prepared classes count for them alone.
  cp -Rp "$root"/{bin,lib,runtime,VERSION,LICENSE} "$lib/"
  cp -R "$root"/{examples,licenses,sbom.cdx.json} "$doc/"
  for program in teleport tctl tsh; do
    ln -s "../lib/sallyport/bin/$program" "$1/usr/bin/$program"
    cp "$root/share/bash-completion/completions/$program" "$1/usr/share/bash-completion/completions/"
    gzip -9nc "$root/share/man/man1/$program.1" >"$1/usr/share/man/man1/$program.1.gz"
  done
  SALLYPORT_JAVA_HOME=$JAVA_HOME "$root/bin/teleport" install systemd --teleport-path=/usr/bin/teleport -o stdout \
    >"$1/usr/lib/systemd/system/teleport.service"
  # The unit is there already, and with its own paths.
  rm "$doc/examples/teleport.service"
  gzip -9nc CHANGELOG.md >"$doc/NEWS.gz"
  deb_filled changelog | gzip -9n >"$doc/changelog.gz"
  deb_filled copyright >"$doc/copyright"
  deb_filled lintian-overrides >"$1/usr/share/lintian/overrides/sallyport"
  chmod -R u=rwX,go=rX "$1"
}

# deb_control FILES TO
deb_control() {
  local script
  mkdir -p "$2"
  deb_filled control | sed "s|@SIZE@|$(find "$1" -type f -printf '%s\n' | awk '{ s += int(($1 + 1023) / 1024) } END { print s }')|" \
    >"$2/control"
  (cd "$1" && find . -type f -printf '%P\0' | LC_ALL=C sort -z | xargs -0 md5sum) >"$2/md5sums"
  for script in postinst prerm postrm; do
    cp "dist/package/deb/$script" "$2/"
    chmod 755 "$2/$script"
  done
}

# deb_filled FILE
deb_filled() {
  sed -e "s|@VERSION@|$version|" -e "s|@ARCH@|$arch|" \
    -e "s|@DATE@|$(LC_ALL=C date -u -R -d "@$(epoch)")|" "dist/package/deb/$1"
}

# deb_tar PART STAGE
deb_tar() {
  LC_ALL=C tar --sort=name --format=gnu --owner=root:0 --group=root:0 --mtime="@$(epoch)" \
    -C "$2/$1" -cf - . | gzip -9n >"$2/$1.tar.gz"
}
