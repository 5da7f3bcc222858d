package dev.sallyport.testkit.aws;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/// Makes credentials of the shape that AWS hands out.
final class FreshKeys {

  private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int ID_LENGTH = 16;
  private static final int SECRET_BYTES = 30;
  private static final int TOKEN_BYTES = 270;

  private final SecureRandom random = new SecureRandom();

  /// Temporary credentials of an assumed role.
  AccessKey session(String principal, String roleArn, Instant end) {
    StringBuilder id = new StringBuilder("ASIA");
    for (int i = 0; i < ID_LENGTH; i++) {
      id.append(ID_ALPHABET.charAt(random.nextInt(ID_ALPHABET.length())));
    }
    return new AccessKey(
        id.toString(),
        text(SECRET_BYTES),
        Optional.of(text(TOKEN_BYTES)),
        Optional.of(end),
        principal,
        Optional.of(roleArn));
  }

  private String text(int bytes) {
    byte[] noise = new byte[bytes];
    random.nextBytes(noise);
    return Base64.getEncoder().encodeToString(noise);
  }
}
