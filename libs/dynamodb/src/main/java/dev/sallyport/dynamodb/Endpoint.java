package dev.sallyport.dynamodb;

import java.net.URI;
import java.util.Locale;

/// Where requests go and how they are signed for it. Nothing in it came from a client.
///
/// @param uri `https://host` or `http://host`, with the port when it is not the scheme's own
/// @param signingRegion the region of the signature's scope
/// @param signingName the service of the signature's scope
/// @param hostHeader the value of `Host`: without a default port, which AWS would not sign
public record Endpoint(URI uri, String signingRegion, String signingName, String hostHeader) {

  private static final int HTTPS_PORT = 443;
  private static final int HTTP_PORT = 80;

  static Endpoint of(boolean tls, String host, int port, String region, AwsService service) {
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    boolean standard = port == (tls ? HTTPS_PORT : HTTP_PORT);
    String authority = standard ? bracketed : bracketed + ":" + port;
    URI uri = URI.create((tls ? "https://" : "http://") + authority);
    return new Endpoint(uri, region, service.signingName(), authority);
  }

  static int standardPort(boolean tls) {
    return tls ? HTTPS_PORT : HTTP_PORT;
  }

  /// Whether the connection is encrypted.
  public boolean tls() {
    return uri.getScheme().toLowerCase(Locale.ROOT).equals("https");
  }

  /// Name or address to connect to; an IPv6 address without brackets.
  public String host() {
    String host = uri.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /// Port to connect to.
  public int port() {
    return uri.getPort() >= 0 ? uri.getPort() : standardPort(tls());
  }
}
