package dev.sallyport.net;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslProvider;

/// Who does the cryptography of a TLS connection. Both speak the same protocol; BoringSSL takes
/// about a third of the JDK's CPU for a handshake, and is missing on platforms without its natives.
public enum TlsProvider {
  /// BoringSSL through Netty's natives.
  OPENSSL(SslProvider.OPENSSL),
  /// The JDK's own engine, present everywhere.
  JDK(SslProvider.JDK);

  private final SslProvider netty;

  TlsProvider(SslProvider netty) {
    this.netty = netty;
  }

  /// BoringSSL where its natives load and speak TLS 1.3, else the JDK.
  public static TlsProvider best() {
    return OPENSSL.isAvailable() ? OPENSSL : JDK;
  }

  /// Whether this provider works in this process.
  public boolean isAvailable() {
    return switch (this) {
      case OPENSSL -> OpenSsl.isAvailable() && SslProvider.isTlsv13Supported(SslProvider.OPENSSL);
      case JDK -> true;
    };
  }

  SslProvider netty() {
    return netty;
  }
}
