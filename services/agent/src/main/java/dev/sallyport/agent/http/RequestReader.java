package dev.sallyport.agent.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads requests off one connection, one at a time, each whole, and passes [Inbound]s on.
///
/// ```
/// HEAD ──▶ ROOM ──▶ BODY ──▶ PAUSED ──resume()──▶ HEAD
///   any of them, at anything unclear ──▶ DROPPING (until the connection is closed)
/// ```
///
/// Between a [HeldRequest] and [#resume] one read stands, since stopping and starting it would cost
/// two calls of the kernel a request; once it brought something, nothing more is read: what a
/// client pipelines waits in its sockets. The channel must have `autoRead` off. All calls on the
/// channel's event loop.
public final class RequestReader extends ChannelInboundHandlerAdapter {
  private static final byte[] CONTINUE =
      "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);

  private enum State {
    HEAD,
    ROOM,
    BODY,
    PAUSED,
    DROPPING
  }

  private final BodyBudget budget;
  private final String user;
  private final ReaderLimits limits;
  private final HeadScanner scanner = new HeadScanner();

  private State state = State.HEAD;
  private ByteBuf pending = Unpooled.EMPTY_BUFFER;
  private @Nullable ChannelHandlerContext context;
  private @Nullable IncomingBody body;
  private boolean advancing;
  private long receivedInPace;
  private long requests;
  private @Nullable ScheduledFuture<?> pacer;
  private @Nullable ScheduledFuture<?> idler;
  private long requestsAtLastLook = -1;

  /// @param user whose share of the budget the bodies take
  public RequestReader(BodyBudget budget, String user, ReaderLimits limits) {
    this.budget = budget;
    this.user = user;
    this.limits = limits;
  }

  /// Goes on with the next request. Call it after the answer to the last one is written.
  public void resume() {
    if (state != State.PAUSED) {
      return;
    }
    state = State.HEAD;
    var ctx = context;
    if (ctx != null && !advancing) {
      advance(ctx);
      readMore(ctx);
    }
  }

  /// Whether a request is there in part: its head or its body is still coming.
  public boolean isReading() {
    return switch (state) {
      case HEAD -> pending.isReadable();
      case ROOM, BODY -> true;
      case PAUSED, DROPPING -> false;
    };
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    long half = limits.idle().toMillis() / 2;
    idler =
        ctx.executor().scheduleAtFixedRate(() -> lookIdle(ctx), half, half, TimeUnit.MILLISECONDS);
    readMore(ctx);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    context = null;
    end();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    end();
    ctx.fireChannelInactive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var bytes = (ByteBuf) message;
    if (state == State.DROPPING) {
      bytes.release();
      return;
    }
    receivedInPace += bytes.readableBytes();
    append(ctx, bytes);
    if (state != State.PAUSED && state != State.ROOM && !advancing) {
      advance(ctx);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    readMore(ctx);
    ctx.fireChannelReadComplete();
  }

  private void append(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (!pending.isReadable()) {
      pending.release();
      pending = bytes;
      return;
    }
    var joined = ctx.alloc().heapBuffer(pending.readableBytes() + bytes.readableBytes());
    joined.writeBytes(pending).writeBytes(bytes);
    pending.release();
    bytes.release();
    pending = joined;
  }

  private void readMore(ChannelHandlerContext ctx) {
    boolean reads =
        switch (state) {
          case HEAD, BODY, DROPPING -> true;
          case PAUSED -> !pending.isReadable();
          case ROOM -> false;
        };
    if (reads) {
      ctx.read();
    }
  }

  private void advance(ChannelHandlerContext ctx) {
    advancing = true;
    try {
      boolean again = true;
      while (again) {
        again =
            switch (state) {
              case HEAD -> readHead(ctx);
              case BODY -> readBody(ctx);
              case ROOM, PAUSED, DROPPING -> false;
            };
      }
      pace(ctx);
    } catch (BrokenRequest e) {
      refuse(ctx, e.fault());
    } finally {
      advancing = false;
    }
  }

  private boolean readHead(ChannelHandlerContext ctx) throws BrokenRequest {
    int length = scanner.headLength(pending, limits.headBytes());
    if (length < 0) {
      return false;
    }
    var bytes = new byte[length];
    pending.readBytes(bytes);
    var parsed = HeadParser.parse(bytes);
    if (parsed.length() > limits.bodyBytes()) {
      throw new BrokenRequest(
          RequestFault.Kind.BODY_TOO_LARGE,
          "a body of " + parsed.length() + " bytes (expected: at most " + limits.bodyBytes() + ")");
    }
    var next = new IncomingBody(parsed, budget.open(user), limits.bodyBytes());
    body = next;
    makeRoom(ctx, next, parsed.expects());
    return state == State.BODY;
  }

  /// @return whether the state changed, so that there may be more to do
  private boolean readBody(ChannelHandlerContext ctx) throws BrokenRequest {
    var incoming = body;
    if (incoming == null) {
      throw new IllegalStateException("no body is being read");
    }
    return switch (incoming.read(pending)) {
      case MORE -> false;
      case ROOM -> {
        makeRoom(ctx, incoming, false);
        yield state == State.BODY;
      }
      case WHOLE -> {
        body = null;
        state = State.PAUSED;
        requests++;
        ctx.fireChannelRead(incoming.held());
        yield state == State.HEAD;
      }
    };
  }

  private void makeRoom(ChannelHandlerContext ctx, IncomingBody incoming, boolean expects) {
    state = State.ROOM;
    incoming.makeRoom(
        ctx.executor(),
        granted -> {
          if (state != State.ROOM || body != incoming) {
            return;
          }
          if (!granted) {
            refuse(
                ctx,
                new RequestFault(
                    RequestFault.Kind.BUSY, "no memory is free for the request's body now"));
            return;
          }
          incoming.grow();
          state = State.BODY;
          if (expects && !pending.isReadable()) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
          }
          if (!advancing) {
            advance(ctx);
            readMore(ctx);
          }
        });
  }

  private void refuse(ChannelHandlerContext ctx, RequestFault fault) {
    end();
    ctx.fireChannelRead(fault);
    readMore(ctx);
  }

  /// Runs a timer while a request is there in part.
  private void pace(ChannelHandlerContext ctx) {
    if (!isReading()) {
      stopPacer();
    } else if (pacer == null) {
      receivedInPace = 0;
      startPacer(ctx);
    }
  }

  private void startPacer(ChannelHandlerContext ctx) {
    pacer =
        ctx.executor()
            .schedule(() -> lookPace(ctx), limits.pace().toMillis(), TimeUnit.MILLISECONDS);
  }

  private void lookPace(ChannelHandlerContext ctx) {
    pacer = null;
    boolean slow =
        switch (state) {
          case HEAD -> true;
          case BODY -> receivedInPace < limits.paceBytes();
          case ROOM, PAUSED, DROPPING -> false;
        };
    if (slow) {
      refuse(ctx, new RequestFault(RequestFault.Kind.TOO_SLOW, "the request came in too slowly"));
    } else if (state == State.BODY || state == State.ROOM) {
      receivedInPace = 0;
      startPacer(ctx);
    }
  }

  private void lookIdle(ChannelHandlerContext ctx) {
    if (state == State.HEAD && !pending.isReadable() && requests == requestsAtLastLook) {
      ctx.close();
    }
    requestsAtLastLook = state == State.HEAD ? requests : -1;
  }

  private void end() {
    state = State.DROPPING;
    stopPacer();
    if (idler != null) {
      idler.cancel(false);
      idler = null;
    }
    var incoming = body;
    body = null;
    if (incoming != null) {
      incoming.discard();
    }
    pending.release();
    pending = Unpooled.EMPTY_BUFFER;
  }

  private void stopPacer() {
    if (pacer != null) {
      pacer.cancel(false);
      pacer = null;
    }
  }
}
