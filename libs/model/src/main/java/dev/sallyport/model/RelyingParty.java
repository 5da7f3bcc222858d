package dev.sallyport.model;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// For whom keys sign: a name, and the pages that may ask for it.
///
/// @param id a domain; it must never change once somebody registered a key
/// @param origins of the pages, such as `https://teleport.example.com`
public record RelyingParty(String id, Set<String> origins) {
  private static final int HTTPS = 443;

  /// Copies.
  public RelyingParty {
    origins = Set.copyOf(origins);
  }

  /// What follows from the settings: the id is the Proxy's public host unless one is given, and
  /// then the Proxy's host must be that domain or lie within it, as browsers demand. Nothing when
  /// no name is known, the two do not fit, or the host is a mere address: keys can't be used then.
  ///
  /// @param proxy `host:port` under which browsers reach the Proxy
  public static Optional<RelyingParty> of(Optional<String> rpId, Optional<String> proxy) {
    var address = proxy.flatMap(text -> HostPort.parse(text, HTTPS));
    if (address.isEmpty()) {
      return rpId.map(id -> new RelyingParty(lower(id), Set.of("https://" + lower(id))));
    }
    var host = lower(address.get().host());
    var id = rpId.map(RelyingParty::lower).orElse(host);
    if (isLiteral(id) || (!host.equals(id) && !host.endsWith("." + id))) {
      return Optional.empty();
    }
    var port = address.get().port() == HTTPS ? "" : ":" + address.get().port();
    return Optional.of(new RelyingParty(id, Set.of("https://" + host + port)));
  }

  private static boolean isLiteral(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
