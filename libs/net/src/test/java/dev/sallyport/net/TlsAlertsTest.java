package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.PeerTrust;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each provider's own words for a refused certificate, at the side that was refused.
class TlsAlertsTest {
  private final TestPki pki = new TestPki("example.com");

  static List<TlsKind> kinds() {
    return TlsKind.all();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aServerThatRefusesTheCertificateIsHeard(TlsKind kind) throws Exception {
    // A user shows its certificate where only hosts are taken.
    var server =
        TlsContexts.server(
            pki.host("proxy-1", SystemRole.PROXY),
            Optional.of(PeerTrust.server(pki.verifier, SystemRole.DB, "nobody")),
            List.of(Alpn.DYNAMODB),
            kind.provider());
    var client =
        TlsContexts.client(
            Optional.of(pki.user("alice")),
            PeerTrust.server(pki.verifier, SystemRole.PROXY, "proxy.example.com"),
            List.of(Alpn.DYNAMODB),
            kind.provider());
    try (var runtime = kind.runtime("alerts", 1)) {
      var told = new CompletableFuture<Throwable>();
      connect(runtime, client, listen(runtime, server), told);
      assertThat(told.get(20, TimeUnit.SECONDS)).matches(TlsAlerts::peerRefusedCertificate);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aCertificateThatThisSideRefusesIsSomethingElse(TlsKind kind) throws Exception {
    var server =
        TlsContexts.server(
            pki.host("proxy-1", SystemRole.PROXY),
            Optional.empty(),
            List.of(Alpn.DYNAMODB),
            kind.provider());
    var client =
        TlsContexts.client(
            Optional.of(pki.user("alice")),
            PeerTrust.server(pki.verifier, SystemRole.DB, "another"),
            List.of(Alpn.DYNAMODB),
            kind.provider());
    try (var runtime = kind.runtime("alerts", 1)) {
      var told = new CompletableFuture<Throwable>();
      connect(runtime, client, listen(runtime, server), told);
      assertThat(told.get(20, TimeUnit.SECONDS))
          .matches(cause -> !TlsAlerts.peerRefusedCertificate(cause));
    }
  }

  @Test
  void otherWordsAreNoRefusal() {
    for (var text :
        List.of(
            "Received fatal alert: handshake_failure",
            "Received fatal alert: internal_error",
            "error:1000007d:SSL routines:OPENSSL_internal:CERTIFICATE_VERIFY_FAILED",
            "closing inbound before receiving peer's close_notify")) {
      assertThat(TlsAlerts.peerRefusedCertificate(new SSLHandshakeException(text))).isFalse();
    }
    assertThat(TlsAlerts.peerRefusedCertificate(new IOException("bad_certificate"))).isFalse();
  }

  private static int listen(NetRuntime runtime, SslContext tls) {
    var channel =
        runtime
            .server()
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel accepted) {
                    accepted.pipeline().addLast(tls.newHandler(accepted.alloc()));
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  private static void connect(
      NetRuntime runtime, SslContext tls, int port, CompletableFuture<Throwable> told) {
    runtime
        .client(runtime.loops().next())
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        tls.newHandler(channel.alloc(), "localhost", port),
                        new ChannelInboundHandlerAdapter() {
                          @Override
                          public void exceptionCaught(
                              ChannelHandlerContext context, Throwable cause) {
                            told.complete(cause);
                          }

                          @Override
                          public void channelInactive(ChannelHandlerContext context) {
                            told.complete(new IOException("ended without a word"));
                          }
                        });
              }
            })
        .connect("127.0.0.1", port)
        .syncUninterruptibly();
  }
}
