package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Joins two channels: what one receives, the other sends, both ways, until both have ended.
///
/// - Back-pressure: a side is read only while the other can take more, so a slow reader holds back
///   its writer and memory stays within the write marks (64 KB a side and what one read brings).
/// - Half-close: on plain TCP the end of one side's bytes becomes the end of the other's, after
///   everything before it was sent; the other direction goes on, but not longer than
///   [#HALF_CLOSED_IDLE] without a byte. Where a side still carries TLS there is no half-close: its
///   end closes both.
/// - Abort: when one side breaks (reset, or a write that fails), the other is reset too, so that
///   nobody takes a cut stream for a whole one.
///
/// Cheapest when both channels live on one event loop; correct on two. May be made from any thread;
/// both channels must have auto-read off until then, since bytes read earlier are not the splice's.
public final class Splice {
  /// How long a half-closed splice may stay silent.
  public static final Duration HALF_CLOSED_IDLE = Duration.ofSeconds(60);

  private final Side first;
  private final Side second;
  private final Promise<Splice> done;
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicBoolean finishing = new AtomicBoolean();
  private final AtomicBoolean aborted = new AtomicBoolean();

  private Splice(Channel a, Channel b) {
    this.first = new Side(a, b);
    this.second = new Side(b, a);
    this.done = a.eventLoop().newPromise();
  }

  /// Joins the two and starts reading both.
  public static Splice between(Channel a, Channel b) {
    var splice = new Splice(a, b);
    splice.start();
    return splice;
  }

  /// Completes, with this splice, when both channels are closed. Never fails; see [#aborted()].
  public Future<Splice> done() {
    return done;
  }

  /// Bytes that came from the first channel. Exact once done.
  public long bytesFromFirst() {
    return first.bytes.get();
  }

  /// Bytes that came from the second channel. Exact once done.
  public long bytesFromSecond() {
    return second.bytes.get();
  }

  /// Whether it ended by a broken connection instead of an orderly end. A side that goes away while
  /// bytes are on their way to it counts as broken.
  public boolean aborted() {
    return aborted.get();
  }

  private void start() {
    first.prepare();
    second.prepare();
    first.from.pipeline().addLast(first);
    second.from.pipeline().addLast(second);
    first.from.closeFuture().addListener(end -> closed(first));
    second.from.closeFuture().addListener(end -> closed(second));
    first.begin();
    second.begin();
  }

  private void closed(Side side) {
    if (closed.incrementAndGet() == 2) {
      done.trySuccess(this);
    } else {
      broke(side);
    }
  }

  /// A side whose bytes had ended, and all reached the other, and which then goes away, has only
  /// lost interest in the rest.
  private void broke(Side side) {
    if (side.delivered) {
      finish();
    } else {
      abort();
    }
  }

  /// Both ended in order.
  private void finish() {
    finishing.set(true);
    first.from.close();
    second.from.close();
  }

  private void abort() {
    if (finishing.get()) {
      return;
    }
    aborted.set(true);
    reset(first.from);
    reset(second.from);
  }

  private static void reset(Channel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }

  /// One direction: reads `from`, writes `to`. Touched by the loop of `from` alone, but for the
  /// counters' readers.
  private final class Side extends ChannelInboundHandlerAdapter {
    private final Channel from;
    private final Channel to;
    private final boolean halfCloses;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean delivered;
    private boolean ended;
    private long bytesAtCheck;

    Side(Channel from, Channel to) {
      this.from = from;
      this.to = to;
      this.halfCloses = isPlain(from) && isPlain(to);
    }

    private static boolean isPlain(Channel channel) {
      return channel instanceof DuplexChannel && channel.pipeline().get(SslHandler.class) == null;
    }

    void prepare() {
      if (halfCloses) {
        from.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
      }
    }

    /// The end may have come before this handler could be told.
    void begin() {
      if (halfCloses && from instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
        from.eventLoop().execute(this::endOfInput);
      } else {
        read(true);
      }
    }

    /// Reads on, or pauses. An ended side is left alone: epoll has forgotten it, and asking it to
    /// read again would break the channel.
    private void read(boolean on) {
      if (from.eventLoop().inEventLoop()) {
        if (!ended) {
          from.config().setAutoRead(on);
        }
      } else {
        from.eventLoop().execute(() -> read(on && to.isWritable()));
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      bytes.setRelease(bytes.getPlain() + ((ByteBuf) message).readableBytes());
      to.write(message)
          .addListener(sent -> {
            if (!sent.isSuccess()) {
              broke(other());
            }
          });
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      to.flush();
      if (!to.isWritable()) {
        read(false);
        // It may have drained between the two lines above, when it lives on another loop.
        if (to.isWritable()) {
          read(true);
        }
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      // `from` drained or filled up: it is the target of the other direction.
      other().read(from.isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent
          || (event instanceof SslCloseCompletionEvent tls && tls.isSuccess())) {
        endOfInput();
      }
    }

    private void endOfInput() {
      if (ended) {
        return;
      }
      ended = true;
      var other = other();
      to.writeAndFlush(to.alloc().buffer(0))
          .addListener(flushed -> {
            if (other.ended || !halfCloses || !(to instanceof DuplexChannel duplex)) {
              finish();
            } else {
              duplex.shutdownOutput();
              watchSilence();
            }
          });
    }

    private void watchSilence() {
      if (from.eventLoop().isShuttingDown()) {
        return;
      }
      from.eventLoop()
          .schedule(
              () -> {
                if (!from.isOpen() && !to.isOpen()) {
                  return;
                }
                long now = other().bytes.get();
                if (now == bytesAtCheck) {
                  abort();
                } else {
                  bytesAtCheck = now;
                  watchSilence();
                }
              },
              HALF_CLOSED_IDLE.toMillis(),
              TimeUnit.MILLISECONDS);
    }

    private Side other() {
      return this == first ? second : first;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      broke(this);
    }
  }
}
