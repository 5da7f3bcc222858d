package dev.sallyport.agent.upstream;

import dev.sallyport.agent.signing.Destination;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.pki.SystemTrust;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandler;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens connections to destinations: plain for `http`, else TLS 1.2 or up with chain and host name
/// checked, by the database's own authorities where it has any. Checking runs on the executor, not
/// on the event loop.
final class UpstreamDialer implements LoopPool.Dialer {
  private final NetRuntime runtime;
  private final UpstreamLimits limits;
  private final Executor blocking;
  private final AtomicInteger open = new AtomicInteger();
  private final DestinationTls contexts;

  UpstreamDialer(NetRuntime runtime, SystemTrust trust, UpstreamLimits limits, Executor blocking) {
    this.runtime = runtime;
    this.limits = limits;
    this.blocking = blocking;
    this.contexts = new DestinationTls(trust, runtime.tls());
  }

  @Override
  public void dial(
      EventLoop loop, UpstreamConnection connection, Consumer<@Nullable Throwable> ready) {
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
            .of(destination)
            .newHandler(channel.alloc(), endpoint.host(), endpoint.port(), blocking);
    handler.setHandshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS);
    return Optional.of(handler);
  }
}
