package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes a connection on, byte for byte, to another address: TCP, or a Unix socket. What arrives
/// before the target answers is kept; reading stops meanwhile, so that is one read at most. A
/// target that can't be reached closes the connection.
///
/// Used as the last handler of a pipeline; one per connection, on the channel's loop.
public final class RawRelay extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(RawRelay.class);

  private final NetRuntime runtime;
  private final SocketAddress target;
  private final Preface preface;
  private final Consumer<Splice> onJoined;
  private final List<ByteBuf> early = new ArrayList<>();
  private boolean closed;

  /// @param preface is written first, when the client has an IP address
  /// @param onJoined is told of the splice, on the event loop
  public RawRelay(
      NetRuntime runtime, SocketAddress target, Preface preface, Consumer<Splice> onJoined) {
    this.runtime = runtime;
    this.target = target;
    this.preface = preface;
    this.onJoined = onJoined;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    var client = context.channel();
    client.config().setAutoRead(false);
    // A client may send its end before the target answers; that must not close the channel.
    client.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    var nothing =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {}
        };
    runtime
        .clientFor(client.eventLoop(), target)
        .option(ChannelOption.AUTO_READ, false)
        .handler(nothing)
        .connect()
        .addListener((io.netty.channel.ChannelFuture connected) -> {
          if (connected.isSuccess()) {
            join(context, connected.channel());
          } else {
            log.atWarn()
                .addKeyValue("target", target)
                .addKeyValue("reason", connected.cause())
                .log("relay target can't be reached");
            client.close();
          }
        });
  }

  private void join(ChannelHandlerContext context, Channel upstream) {
    var client = context.channel();
    if (closed || !client.isActive()) {
      upstream.close();
      client.close();
      return;
    }
    if (ClientAddress.of(client) instanceof InetSocketAddress from) {
      // Behind a Unix socket nobody knows where the client had connected to.
      var to = client.localAddress() instanceof InetSocketAddress here ? here : from;
      upstream.write(preface.of(upstream.alloc(), from, to));
    }
    for (var bytes : early) {
      upstream.write(bytes);
    }
    early.clear();
    upstream.flush();
    client.pipeline().remove(this);
    onJoined.accept(Splice.between(client, upstream));
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (closed) {
      ((ByteBuf) message).release();
    } else {
      early.add((ByteBuf) message);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    release();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    release();
  }

  private void release() {
    closed = true;
    for (var bytes : early) {
      bytes.release();
    }
    early.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
