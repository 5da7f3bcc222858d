package dev.sallyport.tsh.command;

import dev.sallyport.console.CommandFailure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;

/// Where a tunnel is to listen, read from the command line.
final class ListenAddress {
  private static final String LOOPBACK = "127.0.0.1";
  private static final int PORT_MAX = 65_535;

  private ListenAddress() {}

  /// On loopback; 0 takes a free port.
  static InetSocketAddress ofPort(int port) {
    if (port < 0 || port > PORT_MAX) {
      throw new CommandFailure("--port: " + port + " (expected: 0 to 65535)");
    }
    return new InetSocketAddress(address(LOOPBACK), port);
  }

  /// @param text host and port
  /// @param anywhere whether other machines may reach it
  static InetSocketAddress ofListen(String text, boolean anywhere) {
    URI uri;
    try {
      uri = new URI("tcp://" + text);
    } catch (URISyntaxException e) {
      throw new CommandFailure("--listen: " + text + " (expected: host:port)", e);
    }
    var bare = uri.getHost() != null && text.equals(uri.getHost() + ":" + uri.getPort());
    if (!bare || uri.getPort() > PORT_MAX) {
      throw new CommandFailure("--listen: " + text + " (expected: host:port)");
    }
    var found = address(uri.getHost());
    if (!anywhere && !found.isLoopbackAddress()) {
      throw new CommandFailure(
          "--listen: "
              + uri.getHost()
              + " is not a loopback address; whoever reaches the tunnel could use the database as"
              + " you (--insecure-listen-anywhere allows it)");
    }
    return new InetSocketAddress(found, uri.getPort());
  }

  private static InetAddress address(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new CommandFailure("--listen: cannot look " + host + " up", e);
    }
  }
}
