package dev.sallyport.proxy.web;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.RelyingParty;
import java.util.Optional;

/// What the web door tells anybody.
///
/// @param clusterName the cluster's name
/// @param proxyAddress host and port that users give to `--proxy`
/// @param listenAddress where the port listens, as configured
/// @param version the product's version
/// @param preference how people sign in, as far as the Proxy knows
public record WebFacts(
    String clusterName,
    String proxyAddress,
    String listenAddress,
    String version,
    AuthPreference preference) {
  /// For whom keys sign, if any are taken.
  Optional<RelyingParty> relyingParty() {
    return preference.secondFactors().relyingParty(Optional.of(proxyAddress));
  }
}
