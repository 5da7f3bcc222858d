package dev.sallyport.proxy.browser.api;

/// Which cluster this is.
///
/// @param proxyAddress host and port that users give to `--proxy`
public record ClusterView(String clusterName, String proxyAddress, String version) {}
