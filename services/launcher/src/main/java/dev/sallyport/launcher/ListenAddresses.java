package dev.sallyport.launcher;

import dev.sallyport.model.HostPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.List;

/// From the addresses of a file to those that sockets take.
final class ListenAddresses {
  private ListenAddresses() {}

  /// The address with a free port in place of 0. It is chosen before anything listens, since Auth
  /// puts it into invitation links and starts first.
  static HostPort withPort(HostPort configured) throws StartFailure {
    if (configured.port() != 0) {
      return configured;
    }
    var address = socket(configured);
    try (var probe = new ServerSocket(0, 1, address.getAddress())) {
      return new HostPort(configured.host(), probe.getLocalPort());
    } catch (IOException e) {
      throw new StartFailure(
          "the Proxy Service can't listen on "
              + configured
              + " (proxy_service.web_listen_addr): "
              + e.getMessage(),
          e);
    }
  }

  /// As a socket address; a name is looked up.
  static InetSocketAddress socket(HostPort address) throws StartFailure {
    try {
      return new InetSocketAddress(InetAddress.getAllByName(address.host())[0], address.port());
    } catch (UnknownHostException e) {
      throw new StartFailure("the address " + address + " is unknown: " + e.getMessage(), e);
    }
  }

  /// Where those in this process reach a service that listens there.
  static InetSocketAddress reachable(HostPort listen, int boundPort) throws StartFailure {
    var address = socket(listen).getAddress();
    var host = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
    return new InetSocketAddress(InetAddress.ofLiteral(host.getHostAddress()), boundPort);
  }

  /// Where clients reach the Proxy: its first public address, else where it listens, by this
  /// machine's name when that is everywhere.
  static HostPort shown(List<HostPort> publicAddresses, HostPort listen) throws StartFailure {
    if (!publicAddresses.isEmpty()) {
      return publicAddresses.getFirst();
    }
    return socket(listen).getAddress().isAnyLocalAddress()
        ? new HostPort(machineName(), listen.port())
        : listen;
  }

  /// The name of this machine.
  static String machineName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }
}
