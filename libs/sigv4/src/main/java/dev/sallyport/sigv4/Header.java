package dev.sallyport.sigv4;

import java.util.Objects;

/// One header line as it goes on the wire. A name or value that could break out of its line is
/// refused, so a signed header is one header.
///
/// @param name an HTTP token, in any case
/// @param value text without line ends or NUL; may be empty
public record Header(String name, String value) {
  private static final boolean[] TOKEN = tokenCharacters();

  /// Refuses names that are no HTTP token and values with control characters (RFC 9110, 5.5 and
  /// 5.6.2).
  public Header {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("header name is empty");
    }
    int end = tokenLength(name);
    if (end < name.length()) {
      throw new IllegalArgumentException("header name has an illegal character at " + end);
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\t') {
        continue;
      }
      if (c < ' ' || c == 0x7f) {
        throw new IllegalArgumentException(
            "value of header " + name + " has a control character at " + i);
      }
    }
  }

  /// Whether this is an HTTP token (RFC 9110, 5.6.2).
  public static boolean isToken(String text) {
    return !text.isEmpty() && tokenLength(text) == text.length();
  }

  /// How many characters it begins with that a token may have.
  private static int tokenLength(String text) {
    int at = 0;
    while (at < text.length() && text.charAt(at) < TOKEN.length && TOKEN[text.charAt(at)]) {
      at++;
    }
    return at;
  }

  private static boolean[] tokenCharacters() {
    var token = new boolean[128];
    for (char c = 0; c < token.length; c++) {
      token[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
    return token;
  }
}
