package dev.sallyport.control;

import dev.sallyport.pki.TlsIdentity;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// A context for one way of dialling: who we are, whom we trust, and the application protocol that
/// its engines offer.
final class AlpnContext extends SSLContext {
  private AlpnContext(SSLContext context, String protocol) {
    super(new Spi(context, protocol), context.getProvider(), context.getProtocol());
  }

  static SSLContext of(
      Optional<TlsIdentity> identity, X509ExtendedTrustManager trust, String protocol) {
    try {
      var context = SSLContext.getInstance("TLS");
      var keys =
          identity.map(Key::new).map(key -> new KeyManager[] {key}).orElse(new KeyManager[0]);
      context.init(keys, new TrustManager[] {trust}, null);
      return new AlpnContext(context, protocol);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot speak TLS", e);
    }
  }

  /// One key, whatever the server asks for: it alone decides whether that will do.
  private static final class Key extends X509ExtendedKeyManager {
    private static final String ALIAS = "identity";

    private final TlsIdentity identity;

    Key(TlsIdentity identity) {
      this.identity = identity;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return ALIAS;
    }

    @Override
    public String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return ALIAS;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return identity.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return identity.key();
    }
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext context;
    private final String protocol;

    Spi(SSLContext context, String protocol) {
      this.context = context;
      this.protocol = protocol;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return new AlpnEngine(context.createSSLEngine(), protocol);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      // Without an address the engine resumes no session, so each connection checks its peer anew.
      // The server name goes into the hello by the parameters that its user sets.
      return new AlpnEngine(context.createSSLEngine(), protocol);
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("this context is ready");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      throw new UnsupportedOperationException("only engines offer the application protocol");
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      throw new UnsupportedOperationException("this context only dials");
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }
  }
}
