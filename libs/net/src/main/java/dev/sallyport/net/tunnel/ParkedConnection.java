package dev.sallyport.net.tunnel;

import dev.sallyport.net.Alpn;
import dev.sallyport.net.ClientAddress;
import dev.sallyport.net.TlsContexts;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Proxy's end of one connection of an agent, from TLS to ACCEPT. Lives on its channel's loop;
/// [#open] alone may be called from elsewhere.
///
/// ```
/// SHAKING ──TLS──▶ AWAITING_HELLO ──HELLO──▶ PARKED ◀──REFUSE── OPENING ──ACCEPT──▶ TAKEN
///                                             └──OPEN────────────▲
/// any of them ──silence, wrong frame, close──▶ DEAD
/// ```
final class ParkedConnection extends SimpleChannelInboundHandler<Frame> {
  private static final Logger log = LoggerFactory.getLogger(ParkedConnection.class);

  /// Who hears what came of an OPEN; on the channel's loop.
  interface Opener {
    void taken(Channel channel);

    void refused(String reason);

    void notNow(String reason);

    /// Died or stayed silent; the connection is gone.
    void failed();
  }

  private enum State {
    SHAKING,
    AWAITING_HELLO,
    PARKED,
    OPENING,
    TAKEN,
    DEAD
  }

  private final HelloVerifier verifier;
  private final ParkedConnections lot;
  private final TunnelTimings timings;
  private final OuterTls outer;
  private State state = State.SHAKING;
  private long lastNonce;
  private boolean pongAwaited;
  private volatile String hostId = "";
  private @Nullable Opener opener;
  private @Nullable ChannelHandlerContext context;
  private @Nullable ScheduledFuture<?> limit;
  private @Nullable ScheduledFuture<?> nextPing;

  ParkedConnection(
      HelloVerifier verifier, ParkedConnections lot, TunnelTimings timings, OuterTls outer) {
    this.verifier = verifier;
    this.lot = lot;
    this.timings = timings;
    this.outer = outer;
  }

  String hostId() {
    return hostId;
  }

  boolean livesOn(EventLoop loop) {
    var here = context;
    return here != null && here.channel().eventLoop().equals(loop);
  }

  /// Asks the agent to take a connection. Only for one that the lot gave out; from any thread.
  void open(int wanted, byte[] payload, Opener asker) {
    var here = context;
    if (here == null) {
      asker.failed();
      return;
    }
    if (here.executor().inEventLoop()) {
      opening(here, wanted, payload, asker);
    } else {
      here.executor().execute(() -> opening(here, wanted, payload, asker));
    }
  }

  /// Closes it, when the lot has no room. From any thread.
  void close() {
    var here = context;
    if (here != null) {
      here.executor().execute(() -> die("too many connections of this agent are parked"));
    }
  }

  /// Closes it, since its agent is not wanted any more. From any thread.
  void expel() {
    var here = context;
    if (here != null) {
      here.executor().execute(() -> die("this agent may not park any more"));
    }
  }

  private void opening(ChannelHandlerContext here, int wanted, byte[] payload, Opener asker) {
    if (state != State.PARKED) {
      asker.failed();
      return;
    }
    state = State.OPENING;
    opener = asker;
    stopPinging();
    within(timings.openWithin().toMillis(), "neither ACCEPT nor REFUSE");
    here.writeAndFlush(new Frame.Open(wanted, payload));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    within(timings.helloWithin().toMillis(), "no TLS and HELLO");
  }

  private void within(long millis, String otherwise) {
    cancelLimit();
    var here = context;
    if (here != null) {
      limit =
          here.executor()
              .schedule(
                  () -> die(otherwise + " within " + millis + " ms"),
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
      verifier.tlsFailed(ClientAddress.of(here.channel()), done.cause());
      die("TLS: " + done.cause());
    } else if (TlsContexts.negotiated(here.pipeline().get(SslHandler.class), Alpn.REVERSE_TUNNEL)) {
      state = State.AWAITING_HELLO;
    } else {
      die("TLS ended without " + Alpn.REVERSE_TUNNEL + " over TLS 1.3");
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext here, Frame frame) {
    switch (frame) {
      case Frame.Hello(var payload) when state == State.AWAITING_HELLO -> greet(here, payload);
      case Frame.Pong(var nonce)
          when pongAwaited
              && nonce == lastNonce
              && (state == State.PARKED || state == State.OPENING) -> {
        pongAwaited = false;
        if (state == State.PARKED) {
          cancelLimit();
          pingLater(here);
        }
      }
      case Frame.Accept _ when state == State.OPENING -> accepted(here);
      case Frame.Refuse(var reason) when state == State.OPENING ->
          notTaken(here, asker -> asker.refused(reason));
      case Frame.NotNow(var reason) when state == State.OPENING ->
          notTaken(here, asker -> asker.notNow(reason));
      case Frame.Hello _,
          Frame.HelloOk _,
          Frame.Ping _,
          Frame.Pong _,
          Frame.Open _,
          Frame.Accept _,
          Frame.Refuse _,
          Frame.NotNow _,
          Frame.Status _ ->
          die("unexpected " + frame.getClass().getSimpleName() + " in state " + state);
    }
  }

  private void greet(ChannelHandlerContext here, byte[] payload) {
    switch (judge(here, payload)) {
      case HelloVerdict.Unwelcome(var reason) -> {
        here.writeAndFlush(new Frame.Refuse(reason));
        die("agent refused: " + reason);
      }
      case HelloVerdict.Welcome(var host, var answer) -> {
        hostId = host;
        cancelLimit();
        here.writeAndFlush(new Frame.HelloOk(answer));
        park(here);
      }
    }
  }

  private HelloVerdict judge(ChannelHandlerContext here, byte[] payload) {
    try {
      return verifier.verify(
          ClientAddress.of(here.channel()),
          TlsContexts.peerChain(here.pipeline().get(SslHandler.class)),
          payload);
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("an agent's HELLO could not be judged");
      return new HelloVerdict.Unwelcome("the Proxy could not judge HELLO");
    }
  }

  private void park(ChannelHandlerContext here) {
    state = State.PARKED;
    pingLater(here);
    lot.park(this);
  }

  private void pingLater(ChannelHandlerContext here) {
    nextPing =
        here.executor()
            .schedule(
                () -> {
                  pongAwaited = true;
                  here.writeAndFlush(new Frame.Ping(++lastNonce));
                  within(timings.pongWithin().toMillis(), "no PONG");
                },
                timings.pingEvery().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private void stopPinging() {
    if (nextPing != null) {
      nextPing.cancel(false);
      nextPing = null;
    }
  }

  private void accepted(ChannelHandlerContext here) {
    state = State.TAKEN;
    cancelLimit();
    var channel = here.channel();
    channel.config().setAutoRead(false);
    var asker = opener;
    // A task of its own: this one runs inside the outer TLS's own decoding.
    here.executor()
        .execute(() -> {
          channel.pipeline().remove(FrameCodec.class);
          channel.pipeline().remove(this);
          outer.applyTo(channel);
          if (asker != null) {
            asker.taken(channel);
          }
        });
  }

  private void notTaken(ChannelHandlerContext here, Consumer<Opener> told) {
    cancelLimit();
    var asker = opener;
    opener = null;
    pongAwaited = false;
    park(here);
    if (asker != null) {
      told.accept(asker);
    }
  }

  private void die(String why) {
    if (state == State.TAKEN || state == State.DEAD) {
      return;
    }
    boolean wasAsked = state == State.OPENING;
    boolean greeted = !hostId.isEmpty();
    state = State.DEAD;
    cancelLimit();
    stopPinging();
    var here = context;
    if (here != null) {
      log.atDebug()
          .addKeyValue("peer", ClientAddress.of(here.channel()))
          .addKeyValue("hostId", hostId)
          .addKeyValue("reason", why)
          .log("agent connection ended");
      here.close();
    }
    if (greeted) {
      lot.died(this);
    }
    if (wasAsked && opener != null) {
      opener.failed();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    die("closed by the agent");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    if (state == State.TAKEN) {
      here.close();
    } else {
      die(cause.toString());
    }
  }
}
