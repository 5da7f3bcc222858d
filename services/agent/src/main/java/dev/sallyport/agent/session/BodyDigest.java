package dev.sallyport.agent.session;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Names a body in records without telling it: HMAC-SHA256 over its SHA-256, under a key of the
/// agent. A plain hash of a short body could be guessed.
public final class BodyDigest {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int KEY_BYTES = 32;

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
    try {
      var mac = (Mac) prepared.clone();
      return "hmac-sha256:" + HexFormat.of().formatHex(mac.doFinal(bodySha256));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this Java cannot copy an " + ALGORITHM, e);
    }
  }
}
