package dev.sallyport.sigv4;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256. Looking the algorithm up takes as long as hashing a short text, hence copies of one
/// that is kept. Safe for any thread.
public final class Sha256 {
  private static final MessageDigest BEGUN = find();

  private Sha256() {}

  /// A digest of nothing yet; for one thread.
  public static MessageDigest begin() {
    try {
      return (MessageDigest) BEGUN.clone();
    } catch (CloneNotSupportedException e) {
      return find();
    }
  }

  /// The hash of these bytes.
  public static byte[] of(byte[] bytes) {
    return begin().digest(bytes);
  }

  private static MessageDigest find() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this Java has no SHA-256", impossible);
    }
  }
}
