package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first handler of a connection at the one port: waits for the ClientHello, asks the chooser
/// for the handler of that door, puts it in its own place and replays every byte to it. The bytes
/// are untouched, so the door may end the TLS or pass it on.
///
/// A connection that does not begin with a ClientHello, needs more than 16 KB for it or longer than
/// the time limit, or for which there is no door, is closed without an answer. Lives on the
/// channel's loop; one per connection.
public final class ClientHelloRouter extends ChannelInboundHandlerAdapter {
  /// How long a client may take for its ClientHello.
  public static final Duration HELLO_TIMEOUT = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(ClientHelloRouter.class);

  private final Function<ClientHello, Optional<ChannelHandler>> chooser;
  private final Duration timeout;
  private final ClientHelloParser parser = new ClientHelloParser();
  private @Nullable ByteBuf seen;
  private boolean done;

  /// A router that waits ten seconds at most.
  public ClientHelloRouter(Function<ClientHello, Optional<ChannelHandler>> chooser) {
    this(chooser, HELLO_TIMEOUT);
  }

  /// A router with its own time limit. The chooser runs on the event loop and must not wait.
  public ClientHelloRouter(
      Function<ClientHello, Optional<ChannelHandler>> chooser, Duration timeout) {
    this.chooser = chooser;
    this.timeout = timeout;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var limit =
        context
            .executor()
            .schedule(
                () -> refuse(context, "no ClientHello within " + timeout.toMillis() + " ms"),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    context.channel().closeFuture().addListener(closed -> limit.cancel(false));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var bytes = (ByteBuf) message;
    if (done) {
      bytes.release();
      return;
    }
    if (seen == null) {
      seen = bytes;
    } else {
      seen = seen.isWritable(bytes.readableBytes()) ? seen : grown(context, seen);
      seen.writeBytes(bytes);
      bytes.release();
    }
    try {
      var hello = parser.parse(seen);
      if (hello.isPresent()) {
        route(context, hello.get());
      } else if (seen.readableBytes() > ClientHelloParser.MAX_BUFFERED_BYTES) {
        refuse(context, "ClientHello in too many bytes");
      }
    } catch (CorruptedFrameException e) {
      refuse(context, e.getMessage());
    }
  }

  private static ByteBuf grown(ChannelHandlerContext context, ByteBuf old) {
    var grown = context.alloc().buffer(2 * ClientHelloParser.MAX_HELLO_BYTES);
    grown.writeBytes(old);
    old.release();
    return grown;
  }

  private void route(ChannelHandlerContext context, ClientHello hello) {
    var door = chooser.apply(hello);
    if (door.isEmpty()) {
      refuse(context, "no service for " + hello);
      return;
    }
    done = true;
    var bytes = seen;
    seen = null;
    context.pipeline().replace(this, null, door.get());
    if (bytes != null) {
      context.fireChannelRead(bytes);
      context.fireChannelReadComplete();
    }
  }

  private void refuse(ChannelHandlerContext context, @Nullable String why) {
    if (done) {
      return;
    }
    done = true;
    log.atDebug()
        .addKeyValue("peer", ClientAddress.of(context.channel()))
        .addKeyValue("reason", why)
        .log("connection refused before TLS");
    release();
    context.close();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    done = true;
    release();
  }

  private void release() {
    if (seen != null) {
      seen.release();
      seen = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    refuse(context, cause.toString());
  }
}
