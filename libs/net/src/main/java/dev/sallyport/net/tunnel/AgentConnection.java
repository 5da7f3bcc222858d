package dev.sallyport.net.tunnel;

import dev.sallyport.net.Alpn;
import dev.sallyport.net.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection of an agent to the Proxy, from TLS to ACCEPT. Lives on its channel's loop.
///
/// ```
/// SHAKING ──TLS──▶ GREETING ──HELLO_OK──▶ PARKED ──OPEN──▶ TAKEN   (handler gone, only bytes)
///    └───────────────┴──────────────────────┴─▶ ENDED       PARKED ◀─REFUSE─┘
/// ```
final class AgentConnection extends SimpleChannelInboundHandler<Frame> {
  /// The pool that keeps it. Called on the channel's loop.
  interface Pool {
    void parked(AgentConnection connection, byte[] answer);

    /// Left the pool for a user's connection; `wanted` more are waiting at the Proxy.
    void taken(AgentConnection connection, int wanted);

    /// Closed before it was taken.
    void ended(AgentConnection connection, Throwable cause);
  }

  private enum State {
    SHAKING,
    GREETING,
    PARKED,
    TAKEN,
    ENDED
  }

  private final Pool pool;
  private final byte[] hello;
  private final OpenHandler opens;
  private final TunnelTimings timings;
  private final OuterTls outer;
  private State state = State.SHAKING;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ScheduledFuture<?> limit;

  AgentConnection(
      Pool pool, byte[] hello, OpenHandler opens, TunnelTimings timings, OuterTls outer) {
    this.pool = pool;
    this.hello = hello;
    this.opens = opens;
    this.timings = timings;
    this.outer = outer;
  }

  /// Closes it when it is still parked. From any thread.
  void retire() {
    var here = context;
    if (here != null) {
      here.executor()
          .execute(() -> {
            if (state != State.TAKEN) {
              end(new TunnelException("given up by this agent"));
            }
          });
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    within(timings.helloWithin().toMillis(), "no TLS and HELLO_OK from the Proxy");
  }

  private void within(long millis, String otherwise) {
    cancelLimit();
    var here = context;
    if (here != null) {
      limit =
          here.executor()
              .schedule(
                  () -> end(new TunnelException(otherwise + " within " + millis + " ms")),
                  millis,
                  TimeUnit.MILLISECONDS);
    }
  }

  private void cancelLimit() {
    if (limit != null) {
      limit.cancel(false);
      limit = null;
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext here, Object event) {
    if (!(event instanceof SslHandshakeCompletionEvent done)) {
      return;
    }
    if (!done.isSuccess()) {
      end(done.cause());
      return;
    }
    var tls = here.pipeline().get(SslHandler.class);
    if (!TlsContexts.negotiated(tls, Alpn.REVERSE_TUNNEL)) {
      end(new TunnelException("the address answers, but not as a Proxy of this cluster"));
      return;
    }
    state = State.GREETING;
    here.writeAndFlush(new Frame.Hello(hello));
  }

  @Override
  protected void channelRead0(ChannelHandlerContext here, Frame frame) {
    switch (frame) {
      case Frame.HelloOk(var answer) when state == State.GREETING -> {
        state = State.PARKED;
        expectPing();
        pool.parked(this, answer);
      }
      case Frame.Refuse(var reason) when state == State.GREETING ->
          end(new TunnelException("the Proxy refuses this agent: " + reason));
      case Frame.Ping(var nonce) when state == State.PARKED -> {
        expectPing();
        here.writeAndFlush(new Frame.Pong(nonce));
      }
      case Frame.Open(var wanted, var payload) when state == State.PARKED ->
          opened(here, wanted, payload);
      case Frame.Hello _,
          Frame.HelloOk _,
          Frame.Ping _,
          Frame.Pong _,
          Frame.Open _,
          Frame.Accept _,
          Frame.Refuse _,
          Frame.NotNow _,
          Frame.Status _ ->
          end(
              new TunnelException(
                  "the Proxy sent " + frame.getClass().getSimpleName() + " in state " + state));
    }
  }

  private void expectPing() {
    within(timings.silenceIsDeath().toMillis(), "no ping from the Proxy");
  }

  private void opened(ChannelHandlerContext here, int wanted, byte[] payload) {
    switch (decide(payload)) {
      case OpenDecision.Refused(var reason) -> here.writeAndFlush(new Frame.Refuse(reason));
      case OpenDecision.NotNow(var reason) -> here.writeAndFlush(new Frame.NotNow(reason));
      case OpenDecision.Accepted() -> {
        state = State.TAKEN;
        cancelLimit();
        here.channel().config().setAutoRead(false);
        here.writeAndFlush(new Frame.Accept())
            .addListener(sent -> {
              if (sent.isSuccess()) {
                // A task of its own: this one may run inside the outer TLS's own decoding.
                here.executor().execute(() -> handOver(here, payload));
              } else {
                here.close();
              }
            });
        pool.taken(this, wanted);
      }
    }
  }

  private OpenDecision decide(byte[] payload) {
    try {
      return opens.onOpen(payload);
    } catch (RuntimeException e) {
      return new OpenDecision.Refused("the agent could not judge the connection");
    }
  }

  private void handOver(ChannelHandlerContext here, byte[] payload) {
    Channel channel = here.channel();
    if (!channel.isActive()) {
      channel.close();
      return;
    }
    channel.pipeline().remove(FrameCodec.class);
    channel.pipeline().remove(this);
    outer.applyTo(channel);
    opens.accepted(channel, payload);
    channel.config().setAutoRead(true);
  }

  private void end(Throwable cause) {
    if (state == State.TAKEN || state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    cancelLimit();
    var here = context;
    if (here != null) {
      here.close();
    }
    pool.ended(this, cause);
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    end(new TunnelException("the Proxy closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    if (state == State.TAKEN) {
      here.close();
    } else {
      end(cause);
    }
  }
}
