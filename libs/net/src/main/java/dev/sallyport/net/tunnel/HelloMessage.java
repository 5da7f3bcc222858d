package dev.sallyport.net.tunnel;

/// The payload of HELLO: what an agent says of itself. The Proxy holds the host id against the
/// connection's certificate and believes nothing else.
///
/// @param hostId the agent's host id
/// @param version the agent's version, for logs
public record HelloMessage(String hostId, String version) {
  /// As bytes.
  public byte[] encoded() {
    return PayloadText.encode(hostId, version);
  }

  /// From bytes.
  ///
  /// @throws io.netty.handler.codec.CorruptedFrameException when they are not such a message
  public static HelloMessage parse(byte[] payload) {
    var texts = PayloadText.decode(payload, 2);
    return new HelloMessage(texts.get(0), texts.get(1));
  }
}
