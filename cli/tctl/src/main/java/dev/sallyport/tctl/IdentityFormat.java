package dev.sallyport.tctl;

import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PrivateFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/// In which form `tctl auth sign` writes what a program needs to act as a user.
enum IdentityFormat {
  /// One file, for `tsh -i` and `tctl -i`.
  FILE,
  /// Key, certificate and the cluster's host authorities, each in a file of its own.
  TLS;

  private static final Set<String> OF_DATABASE_SERVERS =
      Set.of(
          "db",
          "mongodb",
          "cockroachdb",
          "cockroach",
          "redis",
          "snowflake",
          "elasticsearch",
          "cassandra",
          "scylla",
          "oracle");
  private static final Set<String> OF_OTHER_ACCESS = Set.of("openssh", "kubernetes", "windows");

  static IdentityFormat parse(String text) {
    return switch (text) {
      case "file" -> FILE;
      case "tls" -> TLS;
      default ->
          throw new CommandFailed(
              "invalid identity format: " + text + " (expected: file or tls" + why(text) + ")");
    };
  }

  private static String why(String text) {
    if (OF_DATABASE_SERVERS.contains(text)) {
      return "; AWS vouches for DynamoDB's own servers, so no certificate is made for one";
    }
    return OF_OTHER_ACCESS.contains(text) ? "; there is no such access here" : "";
  }

  /// The files that are written for `--out`.
  List<Path> files(Path out) {
    return this == FILE
        ? List.of(out)
        : List.of(beside(out, ".key"), beside(out, ".crt"), beside(out, ".cas"));
  }

  /// Writes them, for their owner only.
  void write(IdentityFile identity, Path out) throws IOException {
    if (this == FILE) {
      identity.write(out);
      return;
    }
    var files = files(out);
    PrivateFile.write(files.get(0), Pem.encode(identity.identity().key()));
    PrivateFile.write(files.get(1), Pem.encode(identity.identity().leaf()));
    PrivateFile.write(files.get(2), Pem.encode(identity.trust().hostAuthorities()));
  }

  private static Path beside(Path out, String ending) {
    return out.resolveSibling(out.getFileName() + ending);
  }
}
