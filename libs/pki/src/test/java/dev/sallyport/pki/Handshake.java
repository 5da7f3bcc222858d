package dev.sallyport.pki;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Two TLS engines that talk to each other in memory.
final class Handshake {
  private static final int ROUNDS = 60;

  private Handshake() {}

  /// A client with no certificate and that trust, and a server with that identity.
  static boolean succeeds(TlsIdentity server, X509ExtendedTrustManager trust) {
    return succeeds(server, trust, null, null);
  }

  /// Whether both ends are content; the server asks for a certificate when `clients` is given.
  static boolean succeeds(
      TlsIdentity server,
      X509ExtendedTrustManager servers,
      @Nullable TlsIdentity client,
      @Nullable X509ExtendedTrustManager clients) {
    try {
      var serverEngine = engine(server, clients);
      serverEngine.setUseClientMode(false);
      serverEngine.setNeedClientAuth(clients != null);
      var clientEngine = engine(client, servers);
      clientEngine.setUseClientMode(true);
      return run(clientEngine, serverEngine);
    } catch (Exception e) {
      return false;
    }
  }

  private static SSLEngine engine(
      @Nullable TlsIdentity identity, @Nullable X509ExtendedTrustManager trust) throws Exception {
    var context = SSLContext.getInstance("TLS");
    context.init(
        identity == null ? new KeyManager[0] : new KeyManager[] {new Key(identity)},
        trust == null ? new TrustManager[0] : new TrustManager[] {trust},
        null);
    var engine = context.createSSLEngine("peer.invalid", 1);
    engine.setEnabledProtocols(new String[] {"TLSv1.3"});
    return engine;
  }

  /// Carries bytes both ways until both have finished and a byte of data came through each way.
  private static boolean run(SSLEngine client, SSLEngine server) throws SSLException {
    var toServer = ByteBuffer.allocate(1 << 17);
    var toClient = ByteBuffer.allocate(1 << 17);
    var received = new int[2];
    for (int round = 0; round < ROUNDS; round++) {
      step(client, toServer, toClient, received, 0);
      step(server, toClient, toServer, received, 1);
      if (received[0] > 0 && received[1] > 0) {
        return true;
      }
    }
    return false;
  }

  private static void step(
      SSLEngine engine, ByteBuffer out, ByteBuffer in, int[] received, int index)
      throws SSLException {
    engine.wrap(ByteBuffer.wrap(new byte[] {1}), out);
    runTasks(engine);
    in.flip();
    var plain = ByteBuffer.allocate(1 << 15);
    while (in.hasRemaining()) {
      var before = in.remaining();
      engine.unwrap(in, plain);
      runTasks(engine);
      if (in.remaining() == before || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        break;
      }
    }
    in.compact();
    received[index] += plain.position();
  }

  private static void runTasks(SSLEngine engine) {
    for (var task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  /// One key for both directions.
  static final class Key extends X509ExtendedKeyManager {
    private final TlsIdentity identity;

    Key(TlsIdentity identity) {
      this.identity = identity;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"me"};
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "me";
    }

    @Override
    public String chooseEngineClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return "me";
    }

    @Override
    public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"me"};
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "EC".equals(type) ? "me" : null;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
      return "EC".equals(type) ? "me" : null;
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
}
