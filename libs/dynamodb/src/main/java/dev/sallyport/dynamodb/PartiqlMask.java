package dev.sallyport.dynamodb;

import java.util.Locale;

/// A PartiQL statement without its values: every literal becomes `?`, comments vanish, and of what
/// is not understood nothing is left.
public final class PartiqlMask {

  /// Longest result.
  public static final int LENGTH_MAX = 1000;

  private static final String HIDDEN = "?";

  private final String text;
  private final StringBuilder masked = new StringBuilder();
  private int at;

  private PartiqlMask(String text) {
    this.text = text;
  }

  /// Masks a statement; never throws.
  public static String of(String statement) {
    PartiqlMask mask = new PartiqlMask(statement);
    while (mask.at < statement.length() && mask.masked.length() < LENGTH_MAX) {
      mask.step();
    }
    String result = mask.masked.toString().strip();
    return result.length() <= LENGTH_MAX ? result : result.substring(0, LENGTH_MAX);
  }

  private void step() {
    char c = text.charAt(at);
    if (Character.isWhitespace(c)) {
      space();
      at++;
    } else if (c == '\'' || c == '`') {
      hide();
      at = end(c);
    } else if (c == '"') {
      name();
    } else if (text.startsWith("--", at)) {
      int line = text.indexOf('\n', at);
      at = line < 0 ? text.length() : line;
    } else if (text.startsWith("/*", at)) {
      int close = text.indexOf("*/", at + 2);
      at = close < 0 ? text.length() : close + 2;
      space();
    } else if (isWord(c) || (c == '.' && at + 1 < text.length() && isDigit(text.charAt(at + 1)))) {
      word();
    } else {
      masked.append(c);
      at++;
    }
  }

  /// A name in double quotes stays, unless it stands where a value does.
  private void name() {
    int end = end('"');
    boolean closed = end <= text.length() && end - at >= 2 && text.charAt(end - 1) == '"';
    if (closed && !valueComes()) {
      masked.append(text, at, end);
    } else {
      hide();
    }
    at = end;
  }

  private boolean valueComes() {
    int last = masked.length() - 1;
    while (last >= 0 && masked.charAt(last) == ' ') {
      last--;
    }
    return last >= 0 && "=<>:[{".indexOf(masked.charAt(last)) >= 0;
  }

  private void word() {
    int from = at;
    while (at < text.length() && (isWord(text.charAt(at)) || text.charAt(at) == '.')) {
      if (text.charAt(at) == '.' && !startsAsNumber(from)) {
        break;
      }
      at++;
    }
    if (at == from) {
      at++;
    }
    String word = text.substring(from, at);
    String upper = word.toUpperCase(Locale.ROOT);
    if (startsAsNumber(from) || upper.equals("TRUE") || upper.equals("FALSE")) {
      hide();
    } else {
      masked.append(word);
    }
  }

  private boolean startsAsNumber(int from) {
    char c = text.charAt(from);
    return isDigit(c) || c == '.';
  }

  /// Behind the closing quote, or the text's end.
  private int end(char quote) {
    int next = at + 1;
    while (next < text.length()) {
      if (text.charAt(next) != quote) {
        next++;
      } else if (quote != '`' && next + 1 < text.length() && text.charAt(next + 1) == quote) {
        next += 2;
      } else {
        return next + 1;
      }
    }
    return text.length();
  }

  private void hide() {
    masked.append(HIDDEN);
  }

  private void space() {
    if (!masked.isEmpty() && masked.charAt(masked.length() - 1) != ' ') {
      masked.append(' ');
    }
  }

  private static boolean isDigit(char c) {
    return Character.isDigit(c);
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
