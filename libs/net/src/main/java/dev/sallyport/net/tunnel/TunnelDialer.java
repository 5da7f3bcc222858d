package dev.sallyport.net.tunnel;

import dev.sallyport.net.Alpn;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsEnd;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// tsh's end: opens connections to an agent through the Proxy. TCP, the outer TLS with the Proxy,
/// its status frame, the inner TLS with the agent; all within one time limit.
///
/// Both contexts show the user's certificate; the outer one trusts the Proxy of this cluster with
/// ALPN `teleport-dynamodb`, the inner one the agents that serve the database, with ALPN
/// `sallyport-inner` and no server name. The suppliers are asked for each connection, so that a
/// renewed certificate is used at once. Safe from any thread.
public final class TunnelDialer {
  /// How long a dial may take in all.
  public static final Duration DIAL_TIMEOUT = Duration.ofSeconds(10);

  /// How long a closed channel waits for the agent's close_notify before its socket goes: a socket
  /// that is closed with an answer on the way resets the connection, which the Proxy can't tell
  /// from an abort.
  private static final Duration CLOSE_NOTIFY_TIMEOUT = Duration.ofSeconds(1);

  /// Where the Proxy is.
  public record Address(String host, int port) {}

  private final NetRuntime runtime;
  private final Address proxy;
  private final Supplier<SslContext> outer;
  private final Supplier<SslContext> inner;
  private final OuterTls mode;

  /// A dialer through one Proxy.
  public TunnelDialer(
      NetRuntime runtime, Address proxy, Supplier<SslContext> outer, Supplier<SslContext> inner) {
    this(runtime, proxy, outer, inner, OuterTls.DECIDED);
  }

  /// As above, with an outer TLS of one's own, which measurements compare.
  public TunnelDialer(
      NetRuntime runtime,
      Address proxy,
      Supplier<SslContext> outer,
      Supplier<SslContext> inner,
      OuterTls mode) {
    this.runtime = runtime;
    this.proxy = proxy;
    this.outer = outer;
    this.inner = inner;
    this.mode = mode;
  }

  /// Dials from any loop, within ten seconds.
  public Future<DialResult> dial() {
    return dial(DIAL_TIMEOUT);
  }

  /// Dials from any loop, within the given time.
  public Future<DialResult> dial(Duration within) {
    return dial(runtime.loops().next(), within);
  }

  /// Dials on the given loop, where the channel will live and the future's listeners run. The
  /// future never fails. When it is cancelled, the connection is closed.
  public Future<DialResult> dial(EventLoop home, Duration within) {
    Promise<DialResult> result = home.newPromise();
    SslContext outerTls;
    SslContext innerTls;
    try {
      outerTls = outer.get();
      innerTls = inner.get();
    } catch (RuntimeException e) {
      return result.setSuccess(new DialResult.Failed(e));
    }
    var call = new Call(result, innerTls, within);
    runtime
        .client(home)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                var tls = outerTls.newHandler(channel.alloc(), proxy.host(), proxy.port());
                tls.setHandshakeTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
                channel.pipeline().addLast(tls, new FrameCodec(), call);
              }
            })
        .connect(proxy.host(), proxy.port())
        .addListener((ChannelFuture done) -> {
          if (!done.isSuccess()) {
            result.trySuccess(new DialResult.Failed(done.cause()));
          }
        });
    return result;
  }

  /// One dial, on its channel's loop.
  private final class Call extends SimpleChannelInboundHandler<Frame> {
    private final Promise<DialResult> result;
    private final SslContext innerTls;
    private final Duration within;
    private boolean outerDone;
    private boolean answered;

    Call(Promise<DialResult> result, SslContext innerTls, Duration within) {
      this.result = result;
      this.innerTls = innerTls;
      this.within = within;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext here) {
      var channel = here.channel();
      var limit =
          channel
              .eventLoop()
              .schedule(
                  () ->
                      fail(
                          channel,
                          new TunnelException(
                              "no connection to an agent within " + within.toMillis() + " ms")),
                  within.toMillis(),
                  TimeUnit.MILLISECONDS);
      result.addListener(done -> {
        limit.cancel(false);
        if (done.isCancelled()) {
          channel.close();
        }
      });
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
      if (outerDone || !(event instanceof SslHandshakeCompletionEvent done)) {
        return;
      }
      if (!done.isSuccess()) {
        fail(here.channel(), done.cause());
      } else if (TlsContexts.negotiated(here.pipeline().get(SslHandler.class), Alpn.DYNAMODB)) {
        outerDone = true;
      } else {
        fail(
            here.channel(),
            new TunnelException(
                proxy.host()
                    + ":"
                    + proxy.port()
                    + " answers, but not as a Proxy of this cluster"));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext here, Frame frame) {
      if (answered || !outerDone || !(frame instanceof Frame.Status(var code, var message))) {
        fail(here.channel(), new TunnelException("the Proxy sent an unexpected frame"));
      } else if (code != StatusCode.OK) {
        finish(here.channel(), new DialResult.Refused(code, message));
      } else {
        answered = true;
        here.channel().config().setAutoRead(false);
        // A task of its own: this one runs inside the outer TLS's own decoding.
        here.executor().execute(() -> goInside(here.channel()));
      }
    }

    private void goInside(Channel channel) {
      if (!channel.isActive()) {
        fail(channel, new TunnelException("the Proxy closed the connection"));
        return;
      }
      channel.pipeline().remove(FrameCodec.class);
      channel.pipeline().remove(this);
      mode.applyTo(channel);
      var tls = innerTls.newHandler(channel.alloc());
      tls.setHandshakeTimeout(within.toMillis(), TimeUnit.MILLISECONDS);
      tls.setCloseNotifyReadTimeout(CLOSE_NOTIFY_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      var faults = new InnerFaults();
      channel.pipeline().addLast(tls, new TlsEnd(), faults);
      tls.handshakeFuture()
          .addListener(done -> {
            if (!done.isSuccess()) {
              fail(channel, done.cause());
            } else if (!TlsContexts.negotiated(tls, Alpn.INNER)) {
              fail(channel, new TunnelException("the other end is not an agent's inner TLS"));
            } else {
              channel.pipeline().remove(faults);
              finish(channel, new DialResult.Connected(channel));
            }
          });
      channel.config().setAutoRead(true);
    }

    /// Stands where the owner's handlers will be, until the inner TLS is done: without one, Netty
    /// writes a stack trace for each fault that the result tells anyway.
    private final class InnerFaults extends ChannelInboundHandlerAdapter {
      @Override
      public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
        fail(here.channel(), cause);
      }
    }

    private void fail(Channel channel, @Nullable Throwable cause) {
      finish(
          channel,
          new DialResult.Failed(
              cause == null ? new TunnelException("the connection ended") : cause));
    }

    private void finish(Channel channel, DialResult outcome) {
      boolean mine = result.trySuccess(outcome);
      if (!mine || !(outcome instanceof DialResult.Connected)) {
        channel.close();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) {
      fail(here.channel(), new TunnelException("the Proxy closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      fail(here.channel(), cause);
    }
  }
}
