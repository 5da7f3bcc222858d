package dev.sallyport.pki;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Writes files that hold keys: readable by their owner alone from the first byte on, and either
/// whole or not there.
public final class PrivateFile {
  private PrivateFile() {}

  /// Writes the text with mode 0600, replacing what was there; missing folders are made with 0700.
  public static void write(Path file, String text) throws IOException {
    var target = file.toAbsolutePath();
    var folder = target.getParent();
    if (folder == null) {
      throw new IOException(file + " is not a file name");
    }
    makeFolders(folder);
    var temporary = Files.createTempFile(folder, ".new-", "", attributes(folder, "rw-------"));
    try {
      Files.writeString(temporary, text);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /// Makes the folder and its missing parents with mode 0700.
  public static void makeFolders(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, attributes(folder, "rwx------"));
    }
  }

  private static FileAttribute<?>[] attributes(Path near, String mode) {
    if (!near.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    return new FileAttribute<?>[] {
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
    };
  }
}
