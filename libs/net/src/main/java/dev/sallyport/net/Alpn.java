package dev.sallyport.net;

/// The protocol names that choose a door on the Proxy's one port, as Teleport has them, and the one
/// of the inner TLS.
public final class Alpn {
  /// Raw bytes to the Auth Service.
  public static final String AUTH = "teleport-auth";

  /// Agents' connections.
  public static final String REVERSE_TUNNEL = "teleport-reversetunnel";

  /// Users' database connections.
  public static final String DYNAMODB = "teleport-dynamodb";

  /// The TLS between tsh and the agent inside a database connection. It differs from every outer
  /// name, so that a handshake meant for one end can never be finished with another.
  public static final String INNER = "sallyport-inner";

  private Alpn() {}
}
