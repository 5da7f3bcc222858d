package dev.sallyport.auth;

import dev.sallyport.control.Enrollment;
import dev.sallyport.control.EnrollmentAnswer;
import dev.sallyport.model.Secret;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// An app on somebody's phone that shows codes: RFC 6238, written a second time.
final class App {
  private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private final byte[] key;
  private final InstantSource clock;

  private App(byte[] key, InstantSource clock) {
    this.key = key;
    this.clock = clock;
  }

  static App of(Enrollment enrollment, InstantSource clock) {
    var url = enrollment.totp().orElseThrow().url().reveal();
    var secret = url.substring(url.indexOf("secret=") + 7, url.indexOf("&issuer"));
    var number = BigInteger.ZERO;
    for (var i = 0; i < secret.length(); i++) {
      number = number.shiftLeft(5).or(BigInteger.valueOf(DIGITS.indexOf(secret.charAt(i))));
    }
    var bytes = number.toByteArray();
    var key = new byte[20];
    for (var i = 1; i <= Math.min(20, bytes.length); i++) {
      key[20 - i] = bytes[bytes.length - i];
    }
    return new App(key, clock);
  }

  /// The code of now.
  Secret code() {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(key, "HmacSHA1"));
      var step = clock.instant().getEpochSecond() / 30;
      var hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
      var at = hash[19] & 15;
      var number = ByteBuffer.wrap(hash).getInt(at) & 0x7fffffff;
      return Secret.of(String.format(Locale.ROOT, "%06d", number % 1_000_000));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// A code that is wrong now.
  Secret wrongCode() {
    var right = code().reveal();
    var last = right.charAt(5) == '9' ? '0' : (char) (right.charAt(5) + 1);
    return Secret.of(right.substring(0, 5) + last);
  }

  /// The answer that registers it.
  EnrollmentAnswer answer(Enrollment enrollment, String name) {
    return new EnrollmentAnswer(enrollment.id(), name, Optional.of(code()), Optional.empty());
  }
}
