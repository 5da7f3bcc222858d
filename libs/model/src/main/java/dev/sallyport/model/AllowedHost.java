package dev.sallyport.model;

import java.util.Locale;
import java.util.OptionalInt;

/// A host beside those of AWS that an agent's file lets databases of the cluster be served from.
///
/// @param host in lower case; compared letter by letter, so another spelling of it is another host
/// @param port without it, the standard port of the address that is compared
public record AllowedHost(String host, OptionalInt port) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /// Reads `host` or `host:port`, an IPv6 address in brackets.
  ///
  /// @throws InvalidDatabase if the text is neither
  public static AllowedHost parse(String text) {
    return DatabaseUri.parse(text)
        .filter(_ -> !text.contains("/"))
        .map(uri -> new AllowedHost(uri.host().toLowerCase(Locale.ROOT), uri.port()))
        .orElseThrow(() ->
            new InvalidDatabase(
                "allow_hosts",
                "%s is no host (expected: host or host:port)".formatted(Quoted.of(text))));
  }

  /// The one that allows this address and no other.
  static AllowedHost of(DatabaseUri address) {
    return new AllowedHost(address.host(), address.port());
  }

  /// Whether the address is of this host, on this port.
  public boolean allows(DatabaseUri address) {
    var standard = address.scheme().equals("http") ? HTTP : HTTPS;
    return host.equals(address.host()) && port.orElse(standard) == address.port().orElse(standard);
  }

  /// As it stands in the file.
  @Override
  public String toString() {
    var name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return port.isPresent() ? name + ":" + port.getAsInt() : name;
  }

  /// Whether the address is an endpoint of DynamoDB, its Streams or DAX at AWS, by TLS.
  static boolean isOfAws(DatabaseUri address) {
    return !address.scheme().equals("http")
        && address.port().orElse(HTTPS) == HTTPS
        && address.endpointName().isPresent();
  }
}
