package dev.sallyport.proxy.web;

/// What the web door tells anybody.
///
/// @param clusterName the cluster's name
/// @param proxyAddress host and port that users give to `--proxy`
/// @param listenAddress where the port listens, as configured
/// @param version the product's version
public record WebFacts(
    String clusterName, String proxyAddress, String listenAddress, String version) {}
