package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import java.util.Locale;

/// How a command prints what it found.
enum Format {
  TEXT,
  JSON,
  YAML;

  static Format parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "text" -> TEXT;
      case "json" -> JSON;
      case "yaml" -> YAML;
      default -> throw new CommandFailure("unsupported format \"" + text + "\"");
    };
  }
}
