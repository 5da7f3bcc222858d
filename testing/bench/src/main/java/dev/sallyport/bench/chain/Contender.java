package dev.sallyport.bench.chain;

import io.netty.handler.ssl.SslContext;
import java.util.Map;
import java.util.Optional;

/// A way from a client to the upstream. Started when it is made; whoever made it closes it.
interface Contender extends AutoCloseable {
  /// As the report has it.
  String name();

  /// Where a client sends requests.
  Target target();

  /// The processes in between, by what they are called in the report.
  Map<String, Long> processes();

  @Override
  void close();

  /// Where a client sends requests.
  ///
  /// @param host as the header has it
  /// @param tls with what, where the client itself speaks TLS
  record Target(String host, int port, Optional<SslContext> tls) {}
}
