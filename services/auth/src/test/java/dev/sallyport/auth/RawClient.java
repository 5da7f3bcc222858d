package dev.sallyport.auth;

import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Says to the Auth Service whatever a test wants, as whoever it wants; trusts any server.
record RawClient(
    int port, Optional<TlsIdentity> identity, String alpn, String protocol, String preface) {
  private static final int TIMEOUT_MILLIS = 20_000;

  RawClient(int port, TlsIdentity identity) {
    this(port, Optional.of(identity), "teleport-auth", "TLSv1.3");
  }

  RawClient(int port, Optional<TlsIdentity> identity, String alpn, String protocol) {
    this(port, identity, alpn, protocol, "");
  }

  /// One that sends this before its TLS.
  RawClient after(byte[] bytes) {
    return new RawClient(
        port, identity, alpn, protocol, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /// The status of the answer; 0 when the connection ended without one.
  int status(String method, String path, String body) throws IOException {
    var line = exchange(method, path, body).lines().findFirst();
    return line.map(text -> Integer.parseInt(text.split(" ")[1])).orElse(0);
  }

  /// The whole answer; empty when the connection ended without one.
  String exchange(String method, String path, String body) throws IOException {
    return say(
        "%s %s HTTP/1.1\r\nHost: auth\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(method, path, body.getBytes(StandardCharsets.UTF_8).length, body));
  }

  /// Sends this, and gives back all that comes until the connection ends.
  String say(String text) throws IOException {
    return say(text.getBytes(StandardCharsets.UTF_8));
  }

  /// The same of bytes.
  String say(byte[] bytes) throws IOException {
    try (var socket = open(context())) {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (java.net.SocketException | javax.net.ssl.SSLException e) {
      return "";
    }
  }

  /// A connection over which a test says what it likes, in its own time.
  ///
  /// @param context one of [#context]
  SSLSocket open(SSLContext context) throws IOException {
    var socket = over(new Socket(InetAddress.getLoopbackAddress(), port), context);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(alpn.isEmpty() ? new String[0] : new String[] {alpn});
    parameters.setProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    return socket;
  }

  private SSLSocket over(Socket plain, SSLContext context) throws IOException {
    plain.getOutputStream().write(preface.getBytes(StandardCharsets.ISO_8859_1));
    return (SSLSocket) context.getSocketFactory().createSocket(plain, "auth", port, true);
  }

  /// What it proves itself with; costly to make.
  SSLContext context() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(keys(), new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyManager[] keys() throws GeneralSecurityException, IOException {
    if (identity.isEmpty()) {
      return new KeyManager[0];
    }
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    var chain = identity.get().chain().toArray(X509Certificate[]::new);
    store.setKeyEntry("me", identity.get().key(), new char[0], chain);
    var factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
