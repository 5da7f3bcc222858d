package dev.sallyport.proxy.scripts;

/// A text as one word of a POSIX shell that means nothing but itself.
final class ShellWord {
  private ShellWord() {}

  /// @throws IllegalArgumentException if it holds a zero character, which no word can
  static String of(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a word of the shell can't hold a zero character");
    }
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
