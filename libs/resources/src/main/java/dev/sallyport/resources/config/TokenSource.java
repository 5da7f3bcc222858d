package dev.sallyport.resources.config;

import dev.sallyport.model.Secret;
import dev.sallyport.resources.document.BoundedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/// A join token, or the absolute path of a file that holds it. Printing it shows neither.
public record TokenSource(Secret valueOrPath) {
  /// The longest token, in bytes.
  public static final int MAX_TOKEN = 4_096;

  public TokenSource {
    Objects.requireNonNull(valueOrPath, "valueOrPath");
  }

  static TokenSource of(String valueOrPath) {
    return new TokenSource(Secret.of(valueOrPath));
  }

  /// The token without blanks around it. The file is read now, and is not needed otherwise.
  ///
  /// @throws UncheckedIOException when the file can't be read or is empty, with the reason
  public String read() {
    var text = valueOrPath.reveal();
    if (!text.startsWith("/")) {
      return text.strip();
    }
    try {
      var token = BoundedFile.read(Path.of(text), MAX_TOKEN).strip();
      if (token.isEmpty()) {
        throw new IOException("the file %s is empty".formatted(text));
      }
      return token;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the join token can't be read: %s (write the output of 'tctl tokens add --type=db --format=text' there)"
              .formatted(BoundedFile.explain(e)),
          e);
    }
  }
}
