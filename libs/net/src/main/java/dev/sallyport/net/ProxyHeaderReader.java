package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.CorruptedFrameException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first handler of a connection from a load balancer: reads its PROXY header, asks for the
/// next handler with the address that it told, puts that in its own place and replays the rest.
/// Every connection through it has exactly one header; a second one is for the next handler to
/// stumble over. Without a header in time, the connection is closed without an answer.
///
/// Lives on the channel's loop; one per connection. After it [ClientAddress] tells the client's.
public final class ProxyHeaderReader extends ChannelInboundHandlerAdapter {
  /// How long a balancer may take for its header.
  public static final Duration HEADER_TIMEOUT = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(ProxyHeaderReader.class);

  private final Function<InetSocketAddress, Optional<ChannelHandler>> next;
  private final Duration timeout;
  private @Nullable ByteBuf seen;
  private boolean done;

  /// @param next the handler for a client of that address; without one the connection is closed
  public ProxyHeaderReader(Function<InetSocketAddress, Optional<ChannelHandler>> next) {
    this(next, HEADER_TIMEOUT);
  }

  /// A reader with its own time limit.
  ProxyHeaderReader(Function<InetSocketAddress, Optional<ChannelHandler>> next, Duration timeout) {
    this.next = next;
    this.timeout = timeout;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var limit =
        context
            .executor()
            .schedule(
                () -> refuse(context, "no PROXY header in time"),
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
      var before = seen;
      seen = context.alloc().buffer(before.readableBytes() + bytes.readableBytes());
      seen.writeBytes(before).writeBytes(bytes);
      before.release();
      bytes.release();
    }
    try {
      ProxyHeaderParser.parse(seen).ifPresent(told -> goOn(context, told));
    } catch (CorruptedFrameException e) {
      refuse(context, e.getMessage());
    }
  }

  private void goOn(ChannelHandlerContext context, ProxyHeaderParser.Told told) {
    var client =
        told.client()
            .or(() ->
                context.channel().remoteAddress() instanceof InetSocketAddress balancer
                    ? Optional.of(balancer)
                    : Optional.empty());
    if (client.isEmpty()) {
      refuse(context, "no address");
      return;
    }
    var door = next.apply(client.get());
    if (door.isEmpty()) {
      refuse(context, "over a limit of its address");
      return;
    }
    done = true;
    told.client().ifPresent(address -> ClientAddress.tell(context.channel(), address));
    var rest = seen;
    seen = null;
    context.pipeline().replace(this, null, door.get());
    if (rest == null) {
      return;
    }
    rest.skipBytes(told.length());
    if (rest.isReadable()) {
      context.fireChannelRead(rest);
      context.fireChannelReadComplete();
    } else {
      rest.release();
    }
  }

  private void refuse(ChannelHandlerContext context, @Nullable String why) {
    if (done) {
      return;
    }
    done = true;
    log.atDebug()
        .addKeyValue("peer", context.channel().remoteAddress())
        .addKeyValue("reason", why)
        .log("connection of a load balancer refused");
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
