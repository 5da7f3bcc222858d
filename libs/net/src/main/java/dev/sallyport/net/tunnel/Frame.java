package dev.sallyport.net.tunnel;

/// A message of the tunnel before its bytes begin. On the wire: u16 length of what follows, u8
/// version, u8 type, payload. Payload arrays belong to the frame: whoever makes or takes one does
/// not change it.
sealed interface Frame {
  /// Agent to Proxy, first of all: who I am, opaque here.
  @SuppressWarnings("ArrayRecordComponent")
  record Hello(byte[] payload) implements Frame {}

  /// Proxy to agent: parked. Holds the Proxy's answer, opaque here.
  @SuppressWarnings("ArrayRecordComponent")
  record HelloOk(byte[] payload) implements Frame {}

  /// Proxy to agent, while parked.
  record Ping(long nonce) implements Frame {}

  /// Agent to Proxy: the answer to the ping with that nonce.
  record Pong(long nonce) implements Frame {}

  /// Proxy to agent: take this connection. `wanted` more are waiting for one.
  @SuppressWarnings("ArrayRecordComponent")
  record Open(int wanted, byte[] payload) implements Frame {}

  /// Agent to Proxy: taken; after this only bytes.
  record Accept() implements Frame {}

  /// Agent to Proxy: not taken, I stay parked. Proxy to agent instead of HELLO_OK: not parked.
  record Refuse(String reason) implements Frame {}

  /// Agent to Proxy: not taken now, I stay parked; try again.
  record NotNow(String reason) implements Frame {}

  /// Proxy to tsh: once, before the inner TLS.
  record Status(StatusCode code, String message) implements Frame {}

  /// Whether only bytes follow this frame.
  default boolean endsFrames() {
    return this instanceof Accept
        || (this instanceof Status status && status.code() == StatusCode.OK);
  }
}
