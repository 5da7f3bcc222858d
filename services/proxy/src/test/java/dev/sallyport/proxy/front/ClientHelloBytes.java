package dev.sallyport.proxy.front;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// The first flight of a TLS client.
final class ClientHelloBytes {
  private ClientHelloBytes() {}

  static byte[] with(String... alpn) throws Exception {
    var engine = SSLContext.getDefault().createSSLEngine("proxy.example.com", 443);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    engine.setSSLParameters(parameters);
    var out = java.nio.ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    var result = engine.wrap(java.nio.ByteBuffer.allocate(0), out);
    if (result.bytesProduced() == 0) {
      throw new SSLException("no ClientHello");
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }
}
