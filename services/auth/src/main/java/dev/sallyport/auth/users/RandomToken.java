package dev.sallyport.auth.users;

import dev.sallyport.model.Secret;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Makes secrets nobody can guess: 128 random bits as 32 hexadecimal digits.
public final class RandomToken {
  private static final int BYTES = 16;

  private RandomToken() {}

  /// A fresh one.
  public static Secret make(SecureRandom random) {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return Secret.of(HexFormat.of().formatHex(bytes));
  }
}
