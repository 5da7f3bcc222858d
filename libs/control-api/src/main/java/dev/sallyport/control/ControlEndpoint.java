package dev.sallyport.control;

import java.net.URI;
import java.net.URISyntaxException;

/// Where a server listens: a host name or address (IPv6 without brackets) and a port.
public record ControlEndpoint(String host, int port) {
  /// Refuses what cannot be dialled.
  public ControlEndpoint {
    if (host.isBlank() || host.length() > 253 || host.startsWith("[")) {
      throw new IllegalArgumentException("'" + host + "' is not a host name or address");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("'" + port + "' is not a port (1 to 65535)");
    }
    try {
      uri(host, port);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("'" + host + "' is not a host name or address", e);
    }
  }

  /// Reads `host`, `host:port`, `[address]:port` or an `https://` address of these.
  public static ControlEndpoint parse(String text, int defaultPort) {
    var rest = text.strip();
    if (rest.startsWith("https://")) {
      rest = rest.substring("https://".length());
      rest = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }
    var bracket = rest.indexOf(']');
    if (rest.startsWith("[") && bracket > 0) {
      var port = rest.substring(bracket + 1);
      return new ControlEndpoint(
          rest.substring(1, bracket),
          port.isEmpty() ? defaultPort : port(port.startsWith(":") ? port.substring(1) : "", text));
    }
    var colon = rest.indexOf(':');
    if (colon < 0 || colon != rest.lastIndexOf(':')) {
      return new ControlEndpoint(rest, defaultPort);
    }
    return new ControlEndpoint(rest.substring(0, colon), port(rest.substring(colon + 1), text));
  }

  /// The address as the start of a URL.
  public URI uri() {
    try {
      return uri(host, port);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("checked by the constructor", e);
    }
  }

  /// `host:port`, an IPv6 address in brackets.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  private static URI uri(String host, int port) throws URISyntaxException {
    var uri = new URI("https", null, host, port, null, null, null);
    // A character with a meaning in URLs would make another host of it.
    if (uri.getHost() == null
        || !(uri.getHost().equals(host) || uri.getHost().equals("[" + host + "]"))) {
      throw new URISyntaxException(host, "not a host");
    }
    return uri;
  }

  private static int port(String digits, String whole) {
    if (!digits.matches("[0-9]{1,5}")) {
      throw new IllegalArgumentException("'" + whole + "' is not an address like host:port");
    }
    return Integer.parseInt(digits);
  }
}
