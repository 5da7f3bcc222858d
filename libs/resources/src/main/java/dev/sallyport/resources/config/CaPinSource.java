package dev.sallyport.resources.config;

import dev.sallyport.resources.document.BoundedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Pins of the cluster's authority, or absolute paths of files with one on each line.
public record CaPinSource(List<String> valuesOrPaths) {
  private static final int MAX_FILE = 64 * 1024;

  public CaPinSource {
    valuesOrPaths = List.copyOf(valuesOrPaths);
  }

  /// All pins as text, `sha256:` and hexadecimal digits each; files are read now.
  ///
  /// @throws UncheckedIOException when a file can't be read, with the reason
  public List<String> read() {
    var pins = new ArrayList<String>();
    for (var entry : valuesOrPaths) {
      if (!entry.startsWith("/")) {
        pins.add(entry.strip());
        continue;
      }
      try {
        BoundedFile.read(Path.of(entry), MAX_FILE)
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .forEach(pins::add);
      } catch (IOException e) {
        throw new UncheckedIOException("ca_pin can't be read: " + BoundedFile.explain(e), e);
      }
    }
    return pins;
  }
}
