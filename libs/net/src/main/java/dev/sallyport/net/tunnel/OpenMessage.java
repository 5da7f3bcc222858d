package dev.sallyport.net.tunnel;

/// The payload of OPEN: what the Proxy says of the connection it brings. The agent trusts none of
/// it for decisions: database and fingerprint must equal those of the inner certificate, and the
/// address is for the record only.
///
/// @param clientAddress host and port that the Proxy saw
/// @param database the database of the route in the outer certificate
/// @param certificateFingerprint SHA-256 of the outer certificate, hex
public record OpenMessage(String clientAddress, String database, String certificateFingerprint) {
  /// As bytes.
  public byte[] encoded() {
    return PayloadText.encode(clientAddress, database, certificateFingerprint);
  }

  /// From bytes.
  ///
  /// @throws io.netty.handler.codec.CorruptedFrameException when they are not such a message
  public static OpenMessage parse(byte[] payload) {
    var texts = PayloadText.decode(payload, 3);
    return new OpenMessage(texts.get(0), texts.get(1), texts.get(2));
  }
}
