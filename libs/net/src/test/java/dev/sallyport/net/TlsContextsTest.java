package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.PeerTrust;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TlsContextsTest {
  private final TestPki pki = new TestPki("example.com");

  static List<TlsKind> kinds() {
    return TlsKind.all();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyConnectionProvesItselfAnew(TlsKind kind) throws Exception {
    var asked = new Counting(PeerTrust.users(pki.verifier));
    var server =
        TlsContexts.server(
            pki.host("proxy-1", SystemRole.PROXY),
            Optional.of(asked),
            List.of(Alpn.DYNAMODB),
            kind.provider());
    var checked =
        new Counting(PeerTrust.server(pki.verifier, SystemRole.PROXY, "proxy.example.com"));
    var client =
        TlsContexts.client(
            Optional.of(pki.user("alice")), checked, List.of(Alpn.DYNAMODB), kind.provider());
    try (var runtime = kind.runtime("tls", 1)) {
      int port = listen(runtime, server);
      for (int i = 1; i <= 4; i++) {
        var tls = connect(runtime, client, port);
        assertThat(TlsContexts.negotiated(tls, Alpn.DYNAMODB)).isTrue();
        assertThat(TlsContexts.negotiated(tls, Alpn.AUTH)).isFalse();
        assertThat(TlsContexts.peerChain(tls)).hasSize(1);
        assertThat(checked.calls.get()).isEqualTo(i);
      }
      // A TLS 1.3 client is done before its server has judged it.
      await().until(() -> asked.calls.get() == 4);
    }
  }

  @ParameterizedTest
  @EnumSource(TlsProvider.class)
  void betweenOurPartsThereIsOnlyTls13AndTheWebDoorTakesOlder(TlsProvider provider)
      throws Exception {
    if (!provider.isAvailable()) {
      return;
    }
    var identity = pki.host("proxy-1", SystemRole.PROXY);
    var ours = TlsContexts.server(identity, Optional.empty(), List.of(), provider);
    var web = TlsContexts.webServer(identity, List.of("http/1.1"), provider);
    try (var runtime = new NetRuntime("tls", 1, provider)) {
      assertThatThrownBy(() -> tls12(listen(runtime, ours)))
          .isInstanceOf(javax.net.ssl.SSLException.class);
      assertThat(tls12(listen(runtime, web))).isEqualTo("TLSv1.2");
    }
  }

  private static String tls12(int port) throws Exception {
    var context = javax.net.ssl.SSLContext.getInstance("TLS");
    context.init(null, new javax.net.ssl.TrustManager[] {PeerTrust.insecure()}, null);
    try (var plain = new Socket(java.net.InetAddress.getLoopbackAddress(), port);
        var socket =
            (javax.net.ssl.SSLSocket)
                context.getSocketFactory().createSocket(plain, "localhost", port, true)) {
      socket.setSoTimeout(5000);
      socket.setEnabledProtocols(new String[] {"TLSv1.2"});
      socket.startHandshake();
      return socket.getSession().getProtocol();
    }
  }

  private static int listen(NetRuntime runtime, SslContext context) throws Exception {
    var channel =
        runtime
            .server()
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    accepted.pipeline().addLast(context.newHandler(accepted.alloc()), new Quiet());
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private static SslHandler connect(NetRuntime runtime, SslContext context, int port)
      throws Exception {
    var channel =
        runtime
            .client()
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel made) {
                    made.pipeline()
                        .addLast(context.newHandler(made.alloc(), "localhost", port), new Quiet());
                  }
                })
            .connect("localhost", port)
            .sync()
            .channel();
    var tls = channel.pipeline().get(SslHandler.class);
    tls.handshakeFuture().get(10, TimeUnit.SECONDS);
    return tls;
  }

  private static final class Quiet extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(io.netty.channel.ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }

  /// Counts how often a peer is judged.
  private static final class Counting extends X509ExtendedTrustManager {
    final AtomicInteger calls = new AtomicInteger();
    private final X509ExtendedTrustManager judge;

    Counting(X509ExtendedTrustManager judge) {
      this.judge = judge;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      calls.incrementAndGet();
      judge.checkClientTrusted(chain, type, engine);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      calls.incrementAndGet();
      judge.checkServerTrusted(chain, type, engine);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      judge.checkClientTrusted(chain, type, socket);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      judge.checkServerTrusted(chain, type, socket);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      judge.checkClientTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      judge.checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return judge.getAcceptedIssuers();
    }
  }
}
