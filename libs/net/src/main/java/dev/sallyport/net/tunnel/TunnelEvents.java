package dev.sallyport.net.tunnel;

/// What happens at the agent's end, for logs and health. Called on event loops; must not wait.
public interface TunnelEvents {
  /// A connection is parked at the Proxy, which answered HELLO with these bytes.
  void parked(byte[] answer);

  /// A connection could not be made, or a parked one was lost; another attempt follows.
  void lost(Throwable cause);
}
