package dev.sallyport.console;

import java.util.function.IntPredicate;

/// Texts that somebody else made up, without what would steer the terminal that they are printed
/// on: a `?` stands for each control character and each character that only formats (such as those
/// that turn the direction of what follows).
public final class Printable {
  private Printable() {}

  /// A text of several lines: line breaks and tabs stay.
  public static String text(String text) {
    return without(text, c -> steers(c) && c != '\n' && c != '\t');
  }

  /// A text for a place within a line.
  public static String line(String text) {
    return without(text, Printable::steers);
  }

  private static String without(String text, IntPredicate unwanted) {
    if (text.codePoints().noneMatch(unwanted)) {
      return text;
    }
    return text.codePoints()
        .map(c -> unwanted.test(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean steers(int character) {
    return Character.isISOControl(character) || Character.getType(character) == Character.FORMAT;
  }
}
