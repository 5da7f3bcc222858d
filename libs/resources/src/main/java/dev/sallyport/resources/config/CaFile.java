package dev.sallyport.resources.config;

import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.BoundedFile;
import dev.sallyport.resources.document.Fields;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Reads files of certificates in PEM that fields name.
final class CaFile {
  private static final int MAX_LENGTH = 1 << 20;

  private CaFile() {}

  /// The file's text; what can't be read, or holds no certificate, is a fault.
  static Optional<String> read(Fields fields, String field) {
    var path = fields.text(field).filter(text -> !text.isEmpty());
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try {
      var pem = BoundedFile.read(Path.of(path.get()), MAX_LENGTH);
      if (!pem.contains("-----BEGIN CERTIFICATE-----")) {
        fields.fault(field, "the file %s holds no certificate in PEM".formatted(path.get()));
      }
      return Optional.of(pem);
    } catch (IOException e) {
      fields.fault(field, BoundedFile.explain(e));
    } catch (InvalidPathException e) {
      fields.fault(field, "%s is no path".formatted(Quoted.of(path.get())));
    }
    return Optional.empty();
  }
}
