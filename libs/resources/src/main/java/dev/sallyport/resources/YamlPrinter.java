package dev.sallyport.resources;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Prints maps, lists and plain values as block YAML. Text is quoted wherever a reader of any YAML
/// version could take it for something else.
public final class YamlPrinter {
  private static final int MAX_PLAIN = 200;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./@+-]*");
  private static final Pattern WORDS =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null|nan|inf");
  private static final Pattern LITERAL_LINE = Pattern.compile("[!-~][ -~]*[!-~]|[!-~]");

  private final StringBuilder out = new StringBuilder();

  private YamlPrinter() {}

  /// One document. A value is a text, a number, a flag, a list or a map of such.
  public static String print(Map<String, ?> tree) {
    var printer = new YamlPrinter();
    printer.map(tree, 0);
    return printer.out.toString();
  }

  private void map(Map<?, ?> map, int indent) {
    map.forEach((key, value) -> {
      out.append(" ".repeat(indent)).append(scalar(String.valueOf(key))).append(':');
      value(value, indent);
    });
  }

  private void value(Object value, int indent) {
    switch (value) {
      case Map<?, ?> map when map.isEmpty() -> out.append(" {}\n");
      case Map<?, ?> map -> {
        out.append('\n');
        map(map, indent + 2);
      }
      case List<?> list when list.isEmpty() -> out.append(" []\n");
      case List<?> list -> {
        out.append('\n');
        list(list, indent);
      }
      case String text when isLiteral(text) -> literal(text, indent + 2);
      case String text -> out.append(' ').append(scalar(text)).append('\n');
      default -> out.append(' ').append(value).append('\n');
    }
  }

  private void list(List<?> list, int indent) {
    for (var element : list) {
      out.append(" ".repeat(indent)).append('-');
      if (element instanceof Map<?, ?> map && !map.isEmpty()) {
        var start = out.length();
        map(map, indent + 2);
        // The first key stands on the line of its dash.
        out.delete(start, start + indent + 1);
      } else if (element instanceof List<?> inner && !inner.isEmpty()) {
        out.append('\n');
        list(inner, indent + 2);
      } else {
        value(element, indent);
      }
    }
  }

  private void literal(String text, int indent) {
    out.append(" |\n");
    text.lines().forEach(line -> out.append(" ".repeat(indent)).append(line).append('\n'));
  }

  /// Such as a certificate in PEM: printable lines, each ended.
  private static boolean isLiteral(String text) {
    return text.endsWith("\n")
        && text.indexOf('\r') < 0
        && text.lines().allMatch(line -> LITERAL_LINE.matcher(line).matches());
  }

  private static String scalar(String text) {
    var plain =
        text.length() <= MAX_PLAIN
            && PLAIN.matcher(text).matches()
            && !WORDS.matcher(text).matches();
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c >= ' ' && c <= '~') {
            quoted.append(c);
          } else {
            quoted.append("\\u%04X".formatted((int) c));
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
