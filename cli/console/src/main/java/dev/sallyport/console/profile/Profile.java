package dev.sallyport.console.profile;

import dev.sallyport.console.ProxyAddress;

/// That somebody signed in at a Proxy; one for each Proxy host.
public record Profile(ProxyAddress proxy, String user, String cluster) {
  /// As `status` shows it.
  public String url() {
    return "https://" + proxy.authority();
  }
}
