package dev.sallyport.proxy.browser.api;

import java.util.Optional;

/// Which cluster this is.
///
/// @param proxyAddress host and port that users give to `--proxy`
/// @param messageOfTheDay what everybody shall read before they sign in
public record ClusterView(
    String clusterName, String proxyAddress, String version, Optional<String> messageOfTheDay) {}
