package dev.sallyport.auth.state;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/// What limits count an address by: IPv4 by the address, IPv6 by its network of 64 bits, which one
/// person holds.
public final class ClientNetwork {
  private static final int IPV6_BYTES = 16;
  private static final int NETWORK_BYTES = 8;

  private ClientNetwork() {}

  /// The network of an address; of what is none, the text itself.
  public static String of(String address) {
    try {
      var bytes = InetAddress.ofLiteral(address).getAddress();
      var counted = bytes.length == IPV6_BYTES ? Arrays.copyOf(bytes, NETWORK_BYTES) : bytes;
      return "net " + HexFormat.of().formatHex(counted);
    } catch (IllegalArgumentException e) {
      return "at " + address.toLowerCase(Locale.ROOT);
    }
  }
}
