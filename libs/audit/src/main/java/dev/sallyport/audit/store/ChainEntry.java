package dev.sallyport.audit.store;

import java.util.regex.Pattern;

/// One record in its place in a chain.
///
/// @param sequence from 1, each one more than the one before
/// @param previous hash of the record before it, in lower-case hex
/// @param hash of this record, in lower-case hex
/// @param body the record, character for character as it was hashed
public record ChainEntry(long sequence, String previous, String hash, String body) {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  /// Refuses what is no place in a chain.
  public ChainEntry {
    if (sequence < 1) {
      throw new IllegalArgumentException("sequence: " + sequence + " (expected: 1 or more)");
    }
    if (!HASH.matcher(previous).matches() || !HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException("hash: expected 64 hexadecimal digits in lower case");
    }
  }
}
