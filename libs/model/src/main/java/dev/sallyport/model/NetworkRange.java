package dev.sallyport.model;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A network by its address and length, such as `10.0.0.0/8`, or one address.
public final class NetworkRange {
  private final InetAddress address;
  private final int length;

  private NetworkRange(InetAddress address, int length) {
    this.address = address;
    this.length = length;
  }

  /// Reads one; no name is ever looked up.
  ///
  /// @throws IllegalArgumentException if it is none, or has bits beyond its length
  public static NetworkRange parse(String text) {
    int slash = text.indexOf('/');
    var literal = slash < 0 ? text : text.substring(0, slash);
    InetAddress address;
    try {
      boolean six = literal.contains(":") && !literal.contains("%");
      if (!six && !literal.matches("([0-9]{1,3}\\.){3}[0-9]{1,3}")) {
        throw new IllegalArgumentException("no address");
      }
      address = InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException e) {
      throw wrong(text, e);
    }
    int bits = 8 * address.getAddress().length;
    int length = bits;
    if (slash >= 0) {
      var digits = text.substring(slash + 1);
      if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > bits) {
        throw wrong(text, new IllegalArgumentException("no length"));
      }
      length = Integer.parseInt(digits);
    }
    var range = new NetworkRange(address, length);
    if (!Arrays.equals(range.masked(address.getAddress()), address.getAddress())) {
      throw new IllegalArgumentException(
          Quoted.of(text) + " has bits beyond its length (expected: like 10.0.0.0/8)");
    }
    return range;
  }

  private static IllegalArgumentException wrong(String text, IllegalArgumentException cause) {
    return new IllegalArgumentException(
        Quoted.of(text) + " is no network (expected: like 10.0.0.0/8, 10.1.2.3 or fd00::/8)",
        cause);
  }

  private byte[] masked(byte[] bytes) {
    var masked = bytes.clone();
    for (int i = 0; i < masked.length; i++) {
      int kept = Math.clamp(length - 8L * i, 0, 8);
      masked[i] &= (byte) (0xFF << (8 - kept));
    }
    return masked;
  }

  /// Whether the address lies in it; one of the other family never does.
  public boolean contains(InetAddress one) {
    var bytes = one.getAddress();
    return bytes.length == address.getAddress().length
        && Arrays.equals(masked(bytes), address.getAddress());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof NetworkRange range
        && range.address.equals(address)
        && range.length == length;
  }

  @Override
  public int hashCode() {
    return 31 * address.hashCode() + length;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + length;
  }
}
