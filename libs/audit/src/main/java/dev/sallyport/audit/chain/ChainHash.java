package dev.sallyport.audit.chain;

import java.util.Arrays;
import java.util.HexFormat;

/// A SHA-256 value of a chain. Written as 64 lower-case hexadecimal digits.
public final class ChainHash {

  /// Length in bytes.
  public static final int BYTES = 32;

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] value;

  private ChainHash(byte[] value) {
    this.value = value;
  }

  /// Copies 32 bytes.
  ///
  /// @throws IllegalArgumentException for another length
  public static ChainHash of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "chain hash: " + bytes.length + " bytes (expected: " + BYTES + ")");
    }
    return new ChainHash(bytes.clone());
  }

  /// Reads what [#hex] writes and nothing else.
  ///
  /// @throws IllegalArgumentException for anything else
  public static ChainHash parse(String hex) {
    if (hex.length() != 2 * BYTES) {
      throw notHex();
    }
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        throw notHex();
      }
    }
    return new ChainHash(HEX.parseHex(hex));
  }

  private static IllegalArgumentException notHex() {
    return new IllegalArgumentException(
        "chain hash is not right (expected: " + 2 * BYTES + " lower-case hexadecimal digits)");
  }

  /// The value as text.
  public String hex() {
    return HEX.formatHex(value);
  }

  /// A copy of the value.
  public byte[] bytes() {
    return value.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChainHash hash && Arrays.equals(value, hash.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return hex();
  }
}
