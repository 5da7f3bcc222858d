package dev.sallyport.audit;

import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Names bodies and values of keys in records without telling them: HMAC-SHA256 under the cluster's
/// key, so that the same value has the same hash in the records of all agents. A plain hash of a
/// short text could be guessed.
public final class KeyedHash {
  private static final String ALGORITHM = "HmacSHA256";

  /// In front of what is named so.
  public static final String KIND = "hmac-sha256:";

  private static final int KEY_BYTES = 32;
  private static final int KEY_HASH_BYTES = 16;

  private final Mac prepared;

  /// Hashes under a key.
  ///
  /// @param key 32 random bytes, in hexadecimal digits
  /// @throws IllegalArgumentException if it is not; the message does not show it
  public static KeyedHash under(Secret key) {
    try {
      return new KeyedHash(HexFormat.of().parseHex(key.reveal()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "key (expected: %d hexadecimal digits)".formatted(2 * KEY_BYTES));
    }
  }

  /// Hashes under a key of 32 random bytes.
  public KeyedHash(byte[] key) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "digest key: " + key.length + " bytes (expected: " + KEY_BYTES + ")");
    }
    try {
      prepared = Mac.getInstance(ALGORITHM);
      prepared.init(new SecretKeySpec(key, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }

  /// The name of a body.
  ///
  /// @param bodySha256 its SHA-256
  public String of(byte[] bodySha256) {
    return KIND + HexFormat.of().formatHex(mac(bodySha256));
  }

  /// The same for a key attribute's value, in 128 bits; the name is part of it.
  ///
  /// @param value as type and text, such as `S:Acme`
  /// @return 32 hexadecimal digits
  public String ofKey(String name, String value) {
    var text = "key\n" + name + "\n" + value;
    return HexFormat.of().formatHex(mac(text.getBytes(StandardCharsets.UTF_8)), 0, KEY_HASH_BYTES);
  }

  /// Without the key.
  @Override
  public String toString() {
    return "KeyedHash[redacted]";
  }

  private byte[] mac(byte[] input) {
    try {
      return ((Mac) prepared.clone()).doFinal(input);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java cannot copy an " + ALGORITHM, e);
    }
  }
}
