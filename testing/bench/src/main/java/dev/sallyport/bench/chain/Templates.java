package dev.sallyport.bench.chain;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Configuration files of other programs, kept beside this class; `@NAME@` stands for a value.
final class Templates {
  private Templates() {}

  static String filled(String name, Map<String, String> values) throws IOException {
    try (var in = Templates.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new FileNotFoundException(name);
      }
      var text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      for (var value : values.entrySet()) {
        text = text.replace("@" + value.getKey() + "@", value.getValue());
      }
      return text;
    }
  }
}
