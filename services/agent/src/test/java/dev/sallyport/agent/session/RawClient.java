package dev.sallyport.agent.session;

import dev.sallyport.model.SystemRole;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.tunnel.OpenMessage;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/// What tsh is to the agent: a client of the inner TLS that writes and reads raw bytes.
final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 10_000;

  /// One answer as it came.
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, String head, byte[] body) {
    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    Optional<String> header(String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst();
    }
  }

  /// Opens one connection after another.
  interface Opener {
    RawClient open() throws IOException;
  }

  private final SSLSocket socket;
  private final InputStream in;

  private RawClient(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RawClient connect(
      int port, TlsIdentity identity, IdentityVerifier verifier, OpenMessage open, Stage stage)
      throws Exception {
    return connect(port, context(identity, verifier), open, stage);
  }

  /// What a client proves itself with, and whom it trusts; costly to make.
  static SSLContext context(TlsIdentity identity, IdentityVerifier verifier) throws Exception {
    var store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "me", identity.key(), new char[0], identity.chain().toArray(X509Certificate[]::new));
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    var context = SSLContext.getInstance("TLS");
    var trust = PeerTrust.hosts(verifier, Set.of(SystemRole.DB), host -> true);
    context.init(keys.getKeyManagers(), new TrustManager[] {trust}, null);
    return context;
  }

  static RawClient connect(int port, SSLContext context, OpenMessage open, Stage stage)
      throws IOException {
    var plain = new Socket(InetAddress.getLoopbackAddress(), port);
    stage.opens.put(plain.getLocalPort(), open.encoded());
    plain.setSoTimeout(PATIENCE_MILLIS);
    var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "agent", port, true);
    var parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3"});
    parameters.setApplicationProtocols(new String[] {Alpn.INNER});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new RawClient(socket);
  }

  /// What it speaks on, for who says what they like.
  SSLSocket socket() {
    return socket;
  }

  /// Waits longer for answers than usual.
  RawClient patient(Duration patience) throws IOException {
    socket.setSoTimeout((int) patience.toMillis());
    return this;
  }

  static String fingerprint(X509Certificate certificate) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
  }

  RawClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
    return this;
  }

  /// Sends a DynamoDB request and reads its answer.
  Answer call(String operation, String body) throws IOException {
    send(request(operation, body));
    return answer();
  }

  static String request(String operation, String body) {
    return "POST / HTTP/1.1\r\nHost: localhost:8000\r\nX-Amz-Target: DynamoDB_20120810."
        + operation
        + "\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /// The next answer; its body by length, by chunks, or to the end.
  Answer answer() throws IOException {
    var head = head();
    var answer = new Answer(Integer.parseInt(head.substring(9, 12)), head, new byte[0]);
    var length = answer.header("Content-Length");
    byte[] body;
    if (length.isPresent()) {
      body = in.readNBytes(Integer.parseInt(length.get()));
    } else if (answer.header("Transfer-Encoding").isPresent()) {
      body = chunks();
    } else {
      body = in.readAllBytes();
    }
    return new Answer(answer.status, head, body);
  }

  /// Whether the agent closes without another byte.
  boolean isClosed() throws IOException {
    return in.read() < 0;
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    while (true) {
      int size = Integer.parseInt(line(), 16);
      body.write(in.readNBytes(size));
      line();
      if (size == 0) {
        return body.toByteArray();
      }
    }
  }

  private String head() throws IOException {
    var head = new StringBuilder();
    for (var line = line(); !line.isEmpty(); line = line()) {
      head.append(line).append('\n');
    }
    return head.toString();
  }

  private String line() throws IOException {
    var bytes = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException(
            "the agent closed after: " + bytes.toString(StandardCharsets.US_ASCII));
      }
      bytes.write(next);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1).strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
