package dev.sallyport.rules.broken.model;

import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.ObjectMapper;

/// A noun that reads files and knows a library.
final class Noun {
  boolean there(Path path) {
    return Files.exists(path);
  }

  Object mapper() {
    return new ObjectMapper();
  }
}
