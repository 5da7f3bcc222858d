package dev.sallyport.proxy.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// A folder that only this user may enter, for the sockets between the port and the web server: who
/// can reach them could claim any client address.
///
/// It is in the data folder, or, since a Unix socket's path is limited, in the temporary folder
/// when that one lies too deep. Whoever opens it closes it, which deletes it.
final class SocketFolder implements AutoCloseable {
  /// `sun_path` holds 108 bytes on Linux and 104 on macOS, with a closing zero.
  static final int PATH_BYTES_MAX = 103;

  private static final String NAME = "proxy-sockets";
  private static final int LONGEST_NAME_BYTES = 16;

  private final Path folder;

  private SocketFolder(Path folder) {
    this.folder = folder;
  }

  /// Makes the folder, empty.
  static SocketFolder open(Path dataFolder) throws IOException {
    var privately =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(dataFolder);
    var wanted = dataFolder.toAbsolutePath().normalize().resolve(NAME);
    if (wanted.toString().getBytes(StandardCharsets.UTF_8).length + LONGEST_NAME_BYTES
        > PATH_BYTES_MAX) {
      return new SocketFolder(Files.createTempDirectory("sallyport-", privately));
    }
    deleteTree(wanted);
    return new SocketFolder(Files.createDirectory(wanted, privately));
  }

  /// Where a socket of that short name goes.
  Path socket(String name) {
    return folder.resolve(name);
  }

  @Override
  public void close() throws IOException {
    deleteTree(folder);
  }

  /// Deletes a folder of sockets: it holds no folders.
  private static void deleteTree(Path folder) throws IOException {
    if (!Files.exists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isDirectory(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      try (var sockets = Files.list(folder)) {
        for (var socket : sockets.toList()) {
          Files.delete(socket);
        }
      }
    }
    Files.delete(folder);
  }
}
