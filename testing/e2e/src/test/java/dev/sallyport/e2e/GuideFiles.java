package dev.sallyport.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The files of {@code examples/}, with nothing changed but their placeholders. */
final class GuideFiles {
  private GuideFiles() {}

  /** The repository, from the installation that the tests are given. */
  static Path repository() {
    return installation().resolve("../..").normalize();
  }

  /** Where the commands are installed. */
  static Path installation() {
    return Path.of(System.getProperty("sallyport.dist", "../../target/sallyport"))
        .toAbsolutePath()
        .normalize();
  }

  /** The text of an example with each placeholder, which must occur, replaced. */
  static String filled(String name, Map<String, String> placeholders) throws IOException {
    String text = Files.readString(repository().resolve("examples").resolve(name));
    for (Map.Entry<String, String> placeholder : placeholders.entrySet()) {
      if (!text.contains(placeholder.getKey())) {
        throw new AssertionError(name + " has no " + placeholder.getKey());
      }
      text = text.replace(placeholder.getKey(), placeholder.getValue());
    }
    return text;
  }
}
