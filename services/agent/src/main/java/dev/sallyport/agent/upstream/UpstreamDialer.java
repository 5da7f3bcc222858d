package dev.sallyport.agent.upstream;

import dev.sallyport.agent.signing.Destination;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.SystemTrust;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens connections to destinations: plain for `http`, else TLS 1.2 or up with chain and host name
/// checked, by the database's own authorities where it has any. Checking runs on the executor, not
/// on the event loop.
final class UpstreamDialer {
  private final NetRuntime runtime;
  private final SystemTrust trust;
  private final UpstreamLimits limits;
  private final Executor blocking;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentHashMap<Destination, SslContext> contexts = new ConcurrentHashMap<>();

  UpstreamDialer(NetRuntime runtime, SystemTrust trust, UpstreamLimits limits, Executor blocking) {
    this.runtime = runtime;
    this.trust = trust;
    this.limits = limits;
    this.blocking = blocking;
  }

  /// @param ready told on the loop, with null once the connection is open, else with the failure
  void dial(EventLoop loop, UpstreamConnection connection, Consumer<@Nullable Throwable> ready) {
    var endpoint = connection.destination().endpoint();
    var connecting =
        runtime
            .client(loop)
            .option(ChannelOption.AUTO_READ, false)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    open.incrementAndGet();
                    channel.closeFuture().addListener(_ -> open.decrementAndGet());
                    connection.addTo(channel.pipeline(), tls(channel, connection.destination()));
                  }
                })
            .connect(endpoint.host(), endpoint.port());
    connecting.addListener((ChannelFuture connected) -> connected(connected, ready));
  }

  /// Connections that are open or opening.
  int open() {
    return open.get();
  }

  private static void connected(ChannelFuture connected, Consumer<@Nullable Throwable> ready) {
    if (!connected.isSuccess()) {
      ready.accept(connected.cause());
      return;
    }
    var tls = connected.channel().pipeline().get(SslHandler.class);
    if (tls == null) {
      ready.accept(null);
    } else {
      tls.handshakeFuture().addListener(done -> ready.accept(done.cause()));
    }
  }

  private Optional<SslHandler> tls(Channel channel, Destination destination) {
    var endpoint = destination.endpoint();
    if (!endpoint.tls()) {
      return Optional.empty();
    }
    var handler =
        contexts
            .computeIfAbsent(destination, this::context)
            .newHandler(channel.alloc(), endpoint.host(), endpoint.port(), blocking);
    handler.setHandshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS);
    return Optional.of(handler);
  }

  private SslContext context(Destination destination) {
    var authorities = destination.caCertPem().map(UpstreamDialer::only).orElse(trust);
    return TlsContexts.webClient(
        PeerTrust.web(authorities, Optional.empty(), destination.endpoint().host()),
        List.of(),
        runtime.tls());
  }

  private static SystemTrust only(String pem) {
    try {
      return SystemTrust.of(Pem.certificates(pem));
    } catch (PemException e) {
      throw new IllegalArgumentException("tls.ca_cert_file: " + e.getMessage(), e);
    }
  }
}
