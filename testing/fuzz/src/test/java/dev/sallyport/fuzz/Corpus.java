package dev.sallyport.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The inputs in the tree: what was found worth keeping, one file each. */
final class Corpus {
  private Corpus() {}

  /** The module's own folder. */
  static Path module() {
    return Path.of(System.getProperty("fuzz.folder", "."));
  }

  static Path folder(String label) {
    return module().resolve("corpus").resolve(label);
  }

  /** In the order of their names. */
  static List<Path> files(String label) throws IOException {
    try (var files = Files.list(folder(label))) {
      return files.sorted().toList();
    }
  }
}
