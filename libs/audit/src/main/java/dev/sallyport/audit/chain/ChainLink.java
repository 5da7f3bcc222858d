package dev.sallyport.audit.chain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// One place in a chain: everything up to a sequence number, in 32 bytes.
///
/// ```
/// hash(0) = SHA-256("sallyport-audit-chain-1\n" agent "\n" epoch "\n")
/// hash(n) = SHA-256(hash(n-1) ‖ n as 8 bytes, big end first ‖ bytes of record n)
/// ```
///
/// @param sequence the number of the last record that is in it; 0 before the first
/// @param hash over that record and all before it
public record ChainLink(ChainId chain, long sequence, ChainHash hash) {

  private static final MessageDigest BEGUN = find();
  private static final String DOMAIN = "sallyport-audit-chain-1\n";

  /// Refuses a negative sequence.
  public ChainLink {
    if (sequence < 0) {
      throw new IllegalArgumentException("sequence: " + sequence + " (expected: 0 or more)");
    }
  }

  /// Before the first record.
  public static ChainLink origin(ChainId chain) {
    String name = DOMAIN + chain.agent() + "\n" + chain.epoch() + "\n";
    byte[] hash = sha256().digest(name.getBytes(StandardCharsets.UTF_8));
    return new ChainLink(chain, 0, ChainHash.of(hash));
  }

  /// The place after one more record.
  ///
  /// @param record its exact bytes
  public ChainLink next(byte[] record) {
    MessageDigest digest = sha256();
    digest.update(hash.bytes());
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, sequence + 1));
    digest.update(record);
    return new ChainLink(chain, sequence + 1, ChainHash.of(digest.digest()));
  }

  /// A copy of one that is kept: looking the algorithm up takes as long as hashing a short record.
  static MessageDigest sha256() {
    try {
      return (MessageDigest) BEGUN.clone();
    } catch (CloneNotSupportedException e) {
      return find();
    }
  }

  private static MessageDigest find() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("this Java has no SHA-256", impossible);
    }
  }
}
