package dev.sallyport.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;

/// An AWS secret access key that cannot be printed by accident. Only this package reads the bytes.
/// Comparison takes the same time whatever the difference.
public final class SecretKeyBytes {

  private static final byte[] PREFIX = "AWS4".getBytes(StandardCharsets.US_ASCII);

  private final byte[] prefixed;

  private SecretKeyBytes(byte[] prefixed) {
    this.prefixed = prefixed;
  }

  /// Wraps the key's text.
  ///
  /// @param secret the secret access key as AWS hands it out; not empty
  public static SecretKeyBytes of(String secret) {
    Objects.requireNonNull(secret, "secret");
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("secret access key is empty");
    }
    byte[] text = secret.getBytes(StandardCharsets.UTF_8);
    byte[] prefixed = new byte[PREFIX.length + text.length];
    System.arraycopy(PREFIX, 0, prefixed, 0, PREFIX.length);
    System.arraycopy(text, 0, prefixed, PREFIX.length, text.length);
    return new SecretKeyBytes(prefixed);
  }

  /// The first key of the derivation: "AWS4" and the secret. Not to be changed by the caller.
  byte[] derivationStart() {
    return prefixed;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SecretKeyBytes that && MessageDigest.isEqual(prefixed, that.prefixed);
  }

  /// Constant, so that the hash tells nothing about the key.
  @Override
  public int hashCode() {
    return SecretKeyBytes.class.hashCode();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
