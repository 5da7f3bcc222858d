package dev.sallyport.proxy;

import dev.sallyport.control.ControlEndpoint;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/// The address that users are told to give to `--proxy`.
final class PublicAddress {
  private PublicAddress() {}

  /// The first configured one, with the listening port when it names none; else the listening
  /// address, with this machine's name when that is every address.
  ///
  /// @param configured `host` or `host:port`
  /// @param listening where the port listens, with its real port
  static ControlEndpoint of(List<String> configured, InetSocketAddress listening) {
    if (!configured.isEmpty()) {
      return ControlEndpoint.parse(configured.getFirst(), listening.getPort());
    }
    var address = listening.getAddress();
    var host =
        address == null
            ? listening.getHostString()
            : address.isAnyLocalAddress() ? machineName() : address.getHostAddress();
    return new ControlEndpoint(host, listening.getPort());
  }

  private static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
