package dev.sallyport.net.tunnel;

/// Whether an agent may park a connection.
public sealed interface HelloVerdict {
  /// It may, as this host.
  ///
  /// @param hostId the host id proven by the certificate
  /// @param answer the payload of HELLO_OK
  @SuppressWarnings("ArrayRecordComponent")
  record Welcome(String hostId, byte[] answer) implements HelloVerdict {}

  /// It may not.
  ///
  /// @param reason one sentence that the agent logs
  record Unwelcome(String reason) implements HelloVerdict {}
}
