package dev.sallyport.auth.mfa;

import java.util.Optional;

/// Base32 of RFC 4648 without padding, in which apps take secrets.
final class Base32 {
  private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private Base32() {}

  static String encode(byte[] bytes) {
    var text = new StringBuilder();
    var bits = 0;
    var held = 0;
    for (var b : bytes) {
      held = (held << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(DIGITS.charAt((held >> bits) & 31));
      }
    }
    if (bits > 0) {
      text.append(DIGITS.charAt((held << (5 - bits)) & 31));
    }
    return text.toString();
  }

  /// Empty when it is none.
  static Optional<byte[]> decode(String text) {
    var bytes = new byte[text.length() * 5 / 8];
    var bits = 0;
    var held = 0;
    var at = 0;
    for (var i = 0; i < text.length(); i++) {
      var digit = DIGITS.indexOf(Character.toUpperCase(text.charAt(i)));
      if (digit < 0) {
        return Optional.empty();
      }
      held = (held << 5) | digit;
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes[at++] = (byte) (held >> bits);
      }
    }
    return Optional.of(bytes);
  }
}
