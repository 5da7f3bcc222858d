package dev.sallyport.agent.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Names a body in records without telling it: HMAC-SHA256 over its SHA-256, under a key of the
/// agent. A plain hash of a short body could be guessed.
public final class BodyDigest {
  private static final String ALGORITHM = "HmacSHA256";

  /// In front of what is named so.
  static final String KIND = "hmac-sha256:";

  private static final int KEY_BYTES = 32;
  private static final int KEY_HASH_BYTES = 16;

  private final Mac prepared;

  /// @param key 32 random bytes, the same over restarts
  public BodyDigest(byte[] key) {
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

  String of(byte[] bodySha256) {
    return KIND + HexFormat.of().formatHex(mac(bodySha256));
  }

  /// The same for a key attribute's value, in 128 bits; the name is part of it.
  String ofKey(String name, String value) {
    var text = "key\n" + name + "\n" + value;
    return HexFormat.of().formatHex(mac(text.getBytes(StandardCharsets.UTF_8)), 0, KEY_HASH_BYTES);
  }

  private byte[] mac(byte[] input) {
    try {
      return ((Mac) prepared.clone()).doFinal(input);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java cannot copy an " + ALGORITHM, e);
    }
  }
}
