package dev.sallyport.e2e;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The app on somebody's phone that shows codes (RFC 6238: SHA-1, six digits, 30 seconds). */
final class AuthenticatorApp {
  private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final byte[] key;

  /** An app with this key, as the page shows it: base 32 (RFC 4648), spaces between groups. */
  AuthenticatorApp(String shown) {
    String secret = shown.replace(" ", "");
    key = new byte[secret.length() * 5 / 8];
    long bits = 0;
    int held = 0;
    int next = 0;
    for (int i = 0; i < secret.length(); i++) {
      bits = bits << 5 | DIGITS.indexOf(secret.charAt(i));
      held += 5;
      if (held >= 8) {
        held -= 8;
        key[next++] = (byte) (bits >> held);
      }
    }
  }

  /** The code of this time. */
  String code(Instant when) {
    try {
      Mac mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      byte[] hash = mac.doFinal(ByteBuffer.allocate(8).putLong(when.getEpochSecond() / 30).array());
      int number = ByteBuffer.wrap(hash).getInt(hash[19] & 15) & 0x7fffffff;
      return String.format(Locale.ROOT, "%06d", number % 1_000_000);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
