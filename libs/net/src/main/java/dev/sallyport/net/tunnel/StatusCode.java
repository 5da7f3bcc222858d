package dev.sallyport.net.tunnel;

import java.util.Optional;

/// How the Proxy answers a database connection before any byte of the inner TLS.
public enum StatusCode {
  /// An agent took the connection: the inner TLS may begin.
  OK(0),
  /// No agent announces this database.
  UNKNOWN_DATABASE(1),
  /// Agents announce it, and none of them is connected or answers.
  NO_AGENT(2),
  /// The certificate may not be used, by a lock or an agent's refusal.
  DENIED(3),
  /// All agents are at their limit; worth another try soon.
  BUSY(4);

  private final int wire;

  StatusCode(int wire) {
    this.wire = wire;
  }

  int wire() {
    return wire;
  }

  static Optional<StatusCode> parse(int wire) {
    for (var code : values()) {
      if (code.wire == wire) {
        return Optional.of(code);
      }
    }
    return Optional.empty();
  }
}
