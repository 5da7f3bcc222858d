package dev.sallyport.control;

/// How a server is reached. Safe from any thread.
public interface Way {
  /// A way that never changes.
  static Way straight(ControlEndpoint server) {
    return new Way() {
      @Override
      public ControlEndpoint server() {
        return server;
      }

      @Override
      public ControlEndpoint now() {
        return server;
      }

      @Override
      public boolean lookAgain() {
        return false;
      }
    };
  }

  /// The server's own address, for messages.
  ControlEndpoint server();

  /// Where to dial now. What answers there must be checked as a part of the cluster, as always.
  ControlEndpoint now();

  /// A connection to [#now] failed in its TLS. May block for as long as some handshakes take.
  ///
  /// @return whether another try goes another way
  boolean lookAgain();
}
