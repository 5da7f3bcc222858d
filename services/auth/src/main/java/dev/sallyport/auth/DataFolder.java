package dev.sallyport.auth;

import dev.sallyport.pki.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Where the Auth Service keeps what.
record DataFolder(Path folder) {
  private static final int UUID_FILE_BYTES_MAX = 256;

  Path state() {
    return folder.resolve("auth").resolve("state.db");
  }

  /// The audit store.
  Path audit() {
    return folder.resolve("auth").resolve("audit.db");
  }

  /// The identity by which `tctl` on this host is the administrator.
  Path adminIdentity() {
    return folder.resolve("admin.pem");
  }

  /// This host's id, made at the first start.
  String hostId() throws IOException {
    var file = folder.resolve("host_uuid");
    if (!Files.exists(file)) {
      PrivateFile.write(file, UUID.randomUUID() + "\n");
    }
    if (Files.size(file) > UUID_FILE_BYTES_MAX) {
      throw new IOException(file + " does not hold a host id, but something longer");
    }
    var text = Files.readString(file).strip();
    try {
      return UUID.fromString(text).toString();
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " does not hold a host id (expected: a UUID)", e);
    }
  }
}
