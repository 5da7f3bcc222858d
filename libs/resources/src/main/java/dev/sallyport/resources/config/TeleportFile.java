package dev.sallyport.resources.config;

import dev.sallyport.resources.InvalidDocument;
import dev.sallyport.resources.document.BoundedFile;
import dev.sallyport.resources.document.DocumentParser;
import dev.sallyport.resources.document.Fault;
import dev.sallyport.resources.document.Position;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The configuration of one `teleport` process. A service is there exactly when it is to run.
///
/// @param version `v1`, `v2` or `v3`
/// @param warnings what works otherwise than the file's writer may think, with lines
public record TeleportFile(
    String version,
    InstanceSection teleport,
    Optional<AuthSection> auth,
    Optional<ProxySection> proxy,
    Optional<DbSection> db,
    List<String> warnings) {
  /// Where the file is looked for.
  public static final Path USUAL_PATH = Path.of("/etc/teleport.yaml");

  public TeleportFile {
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(teleport, "teleport");
    Objects.requireNonNull(auth, "auth");
    Objects.requireNonNull(proxy, "proxy");
    Objects.requireNonNull(db, "db");
    warnings = List.copyOf(warnings);
  }

  /// Reads a file.
  ///
  /// @throws InvalidDocument with every fault, or that the file can't be read
  public static TeleportFile read(Path file) {
    try {
      var text = BoundedFile.read(file, DocumentParser.MAX_CHARACTERS);
      return read(text, file.toString());
    } catch (IOException e) {
      var fault = new Fault(Position.NONE, "", BoundedFile.explain(e));
      throw new InvalidDocument(file.toString(), List.of(fault));
    }
  }

  /// Reads the text of a file; files that it names, such as `ca_cert_file`, are read too.
  ///
  /// @param source what the text is called in messages
  /// @throws InvalidDocument with every fault
  public static TeleportFile read(String text, String source) {
    return TeleportFileReader.read(text, source);
  }
}
