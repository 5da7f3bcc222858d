package dev.sallyport.console;

import java.util.List;
import java.util.Map;

/// Prints maps, lists, texts, numbers and truths as JSON or YAML. Small on purpose: showing a
/// status must not load a mapper.
public final class Document {
  private static final String INDENT = "  ";

  private final StringBuilder out = new StringBuilder();

  private Document() {}

  /// Indented by two spaces, ending with a line break.
  public static String json(Object tree) {
    var document = new Document();
    document.json(tree, "");
    return document.out.append('\n').toString();
  }

  /// Block style; texts are quoted in JSON's way, which YAML shares.
  public static String yaml(Object tree) {
    var document = new Document();
    document.yaml(tree, "");
    return document.out.toString();
  }

  private void json(Object value, String indent) {
    switch (value) {
      case Map<?, ?> map when map.isEmpty() -> out.append("{}");
      case Map<?, ?> map -> {
        var separator = "{\n";
        for (var entry : map.entrySet()) {
          out.append(separator).append(indent).append(INDENT);
          quote(String.valueOf(entry.getKey()));
          out.append(": ");
          json(entry.getValue(), indent + INDENT);
          separator = ",\n";
        }
        out.append('\n').append(indent).append('}');
      }
      case List<?> list when list.isEmpty() -> out.append("[]");
      case List<?> list -> {
        var separator = "[\n";
        for (var element : list) {
          out.append(separator).append(indent).append(INDENT);
          json(element, indent + INDENT);
          separator = ",\n";
        }
        out.append('\n').append(indent).append(']');
      }
      default -> scalar(value);
    }
  }

  private void yaml(Object value, String indent) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        for (var entry : map.entrySet()) {
          out.append(indent).append(key(String.valueOf(entry.getKey()))).append(':');
          nested(entry.getValue(), indent);
        }
      }
      case List<?> list when !list.isEmpty() -> {
        for (var element : list) {
          out.append(indent).append('-');
          nested(element, indent);
        }
      }
      default -> {
        out.append(indent);
        json(value, indent);
        out.append('\n');
      }
    }
  }

  private void nested(Object value, String indent) {
    var block =
        (value instanceof Map<?, ?> map && !map.isEmpty())
            || (value instanceof List<?> list && !list.isEmpty());
    if (block) {
      out.append('\n');
      yaml(value, indent + INDENT);
    } else {
      out.append(' ');
      json(value, indent);
      out.append('\n');
    }
  }

  private static String key(String text) {
    if (text.matches("[A-Za-z_][A-Za-z0-9_-]*")) {
      return text;
    }
    var document = new Document();
    document.quote(text);
    return document.out.toString();
  }

  private void scalar(Object value) {
    if (value instanceof Boolean || value instanceof Number) {
      out.append(value);
    } else {
      quote(String.valueOf(value));
    }
  }

  private void quote(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
