package dev.sallyport.auth.mfa;

import dev.sallyport.model.Secret;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Codes that change with time: RFC 6238 with what every app knows, HMAC-SHA-1, six digits, steps
/// of 30 seconds. The code before and the one after the present are taken too, for clocks differ;
/// no code is taken twice.
final class Totp {
  /// Seconds of a step.
  static final int STEP_SECONDS = 30;

  /// Steps by which an app's clock may be off.
  static final int DRIFT = 1;

  private static final int DIGITS = 6;
  private static final int SECRET_BYTES = 20;

  private Totp() {}

  /// A fresh secret of 160 bits, in Base32.
  static Secret secret(SecureRandom random) {
    var bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Secret.of(Base32.encode(bytes));
  }

  /// What apps read from a QR code.
  static Secret url(String cluster, String user, Secret secret) {
    return Secret.of(
        "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d"
            .formatted(
                encode(cluster),
                encode(user),
                secret.reveal(),
                encode(cluster),
                DIGITS,
                STEP_SECONDS));
  }

  /// The step of a code that is good now and newer than the last one; nothing when it is not.
  static OptionalLong match(Secret secret, Secret code, Instant now, long lastStep) {
    var key = Base32.decode(secret.reveal());
    if (key.isEmpty() || code.reveal().length() != DIGITS) {
      return OptionalLong.empty();
    }
    var given = code.reveal().getBytes(StandardCharsets.UTF_8);
    var present = now.getEpochSecond() / STEP_SECONDS;
    var found = OptionalLong.empty();
    for (var step = present - DRIFT; step <= present + DRIFT; step++) {
      var right = code(key.get(), step, DIGITS).getBytes(StandardCharsets.UTF_8);
      if (MessageDigest.isEqual(right, given) && step > lastStep) {
        found = OptionalLong.of(step);
      }
    }
    return found;
  }

  /// The code of one step.
  static String code(byte[] key, long step, int digits) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      var number = ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 15) & Integer.MAX_VALUE;
      var text = String.format(Locale.ROOT, "%010d", number);
      return text.substring(text.length() - digits);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA1", e);
    }
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
