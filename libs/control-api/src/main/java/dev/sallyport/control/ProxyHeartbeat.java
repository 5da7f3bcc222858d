package dev.sallyport.control;

import java.util.List;

/// Where clients reach a Proxy, as it says itself.
///
/// @param publicAddresses `host:port`, the one that users are shown first
public record ProxyHeartbeat(List<String> publicAddresses) {
  /// Copies the list.
  public ProxyHeartbeat {
    publicAddresses = List.copyOf(publicAddresses);
  }
}
