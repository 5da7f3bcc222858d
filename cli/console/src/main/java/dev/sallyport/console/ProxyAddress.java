package dev.sallyport.console;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// Where a Proxy is reached.
///
/// @param host name or address, without brackets
public record ProxyAddress(String host, int port) {
  /// Ports that are tried, in this order, when none is given.
  public static final List<Integer> DEFAULT_PORTS = List.of(3080, 443);

  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(5);
  private static final int PORT_MAX = 65_535;

  /// Refuses impossible ports and empty names.
  public ProxyAddress {
    host = host.toLowerCase(Locale.ROOT);
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || "/\\@?#".indexOf(c) >= 0)) {
      throw new CommandFailure("invalid proxy address \"" + host + "\"");
    }
    if (port < 1 || port > PORT_MAX) {
      throw new CommandFailure("invalid port " + port + " in the proxy address of " + host);
    }
  }

  /// Reads `host[:web_port[,ssh_port]]`, with or without `https://`; without a port, the first
  /// default port that accepts a connection is taken.
  public static ProxyAddress find(String text) {
    var rest = withoutScheme(text);
    var host = hostOf(rest);
    var port = portOf(rest, text);
    if (port.isPresent()) {
      return new ProxyAddress(host, port.getAsInt());
    }
    for (var candidate : DEFAULT_PORTS) {
      var address = new ProxyAddress(host, candidate);
      if (address.accepts()) {
        return address;
      }
    }
    throw new CommandFailure(
        "Teleport proxy not available at proxy address %s:3080 or %s:443".formatted(host, host));
  }

  /// The host alone, for finding a profile.
  public static String hostOf(String text) {
    var rest = withoutScheme(text);
    if (rest.startsWith("[")) {
      var end = rest.indexOf(']');
      return end < 0 ? rest : rest.substring(1, end);
    }
    var colon = rest.indexOf(':');
    return (colon < 0 ? rest : rest.substring(0, colon)).toLowerCase(Locale.ROOT);
  }

  /// `host:port`, with brackets around an IPv6 address.
  public String authority() {
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
  }

  /// `https://host:port`.
  public URI uri() {
    return URI.create("https://" + authority());
  }

  private boolean accepts() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) PROBE_TIMEOUT.toMillis());
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String withoutScheme(String text) {
    var rest = text.strip();
    if (rest.regionMatches(true, 0, "https://", 0, 8)) {
      rest = rest.substring(8);
    }
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private static OptionalInt portOf(String rest, String whole) {
    var after = rest.substring(rest.startsWith("[") ? rest.indexOf(']') + 1 : 0);
    var colon = after.indexOf(':');
    if (colon < 0) {
      return OptionalInt.empty();
    }
    var port = after.substring(colon + 1);
    var comma = port.indexOf(',');
    if (comma >= 0) {
      port = port.substring(0, comma);
    }
    try {
      return OptionalInt.of(Integer.parseInt(port));
    } catch (NumberFormatException e) {
      throw new CommandFailure("invalid port in proxy address \"" + whole + "\"", e);
    }
  }
}
