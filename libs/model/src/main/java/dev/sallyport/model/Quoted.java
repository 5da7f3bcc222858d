package dev.sallyport.model;

/// Text from outside inside a message of ours: in quotes, on one line, of bounded length.
public final class Quoted {
  /// How many characters are shown; the rest becomes `…`.
  public static final int MAX_SHOWN = 200;

  private Quoted() {}

  /// The text in double quotes; quotes, backslashes and what does not print come out escaped, so
  /// that neither a log line nor a terminal can be forged with it.
  public static String of(String text) {
    var shown = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      if (i == MAX_SHOWN) {
        return shown.append("…\"").toString();
      }
      append(shown, text.charAt(i));
    }
    return shown.append('"').toString();
  }

  private static void append(StringBuilder shown, char c) {
    if (c == '"' || c == '\\') {
      shown.append('\\').append(c);
    } else if (prints(c)) {
      shown.append(c);
    } else {
      shown.append("\\u%04x".formatted((int) c));
    }
  }

  private static boolean prints(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
