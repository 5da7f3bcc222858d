package dev.sallyport.control;

/// Where the Proxy listens; all traffic takes its one port.
public record PingProxy(PingSsh ssh, boolean tlsRoutingEnabled) {
  /// The addresses, under the name by which clients have always looked for them.
  public record PingSsh(
      String listenAddr, String tunnelListenAddr, String webListenAddr, String publicAddr) {}
}
