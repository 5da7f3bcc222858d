package dev.sallyport.model;

import java.util.Optional;
import java.util.regex.Pattern;

/// A network address as people write it: `host:port`.
///
/// @param host a name or an address; IPv6 without its brackets
public record HostPort(String host, int port) {
  private static final int MAX_LENGTH = 300;
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]{2,45}(?:%[A-Za-z0-9_.-]{1,20})?)]|([A-Za-z0-9._-]{0,253}))"
              + "(?::([0-9]{1,5}))?");

  public HostPort {
    if (host.isEmpty()) {
      throw new IllegalArgumentException("an address needs a host");
    }
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: %d (expected: 0 to 65535)".formatted(port));
    }
  }

  /// Reads `host:port` or `host`; without a port it gets the one that is usual there.
  public static Optional<HostPort> parse(String text, int usualPort) {
    return parse(text, "", usualPort);
  }

  /// Reads an address to listen on: `:port` means every address of the machine.
  public static Optional<HostPort> parseListen(String text, int usualPort) {
    return parse(text, "0.0.0.0", usualPort);
  }

  private static Optional<HostPort> parse(String text, String usualHost, int usualPort) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    var form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    var named = form.group(1) != null ? form.group(1) : form.group(2);
    var host = named == null || named.isEmpty() ? usualHost : named;
    var port = form.group(3) == null ? usualPort : Integer.parseInt(form.group(3));
    var bare = form.group(3) == null && (named == null || named.isEmpty());
    if (host.isEmpty() || bare || port > 65_535) {
      return Optional.empty();
    }
    return Optional.of(new HostPort(host, port));
  }

  /// `host:port`, with brackets around an IPv6 address.
  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
