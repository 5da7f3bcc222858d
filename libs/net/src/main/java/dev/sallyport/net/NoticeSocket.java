package dev.sallyport.net;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// Sends short texts to a Unix datagram socket of somebody else, which Java has no way to do. Needs
/// [Transport#EPOLL]. Safe from any thread but an event loop; whoever opens it closes it.
public final class NoticeSocket implements AutoCloseable {
  private static final long TIMEOUT_MILLIS = 1_000;

  private final EventLoopGroup loop;
  private final Channel channel;

  private NoticeSocket(EventLoopGroup loop, Channel channel) {
    this.loop = loop;
    this.channel = channel;
  }

  /// Opens a socket that sends to that one.
  ///
  /// @param address a path, or `@` and the name of an abstract socket
  /// @throws IOException if nobody listens there, or this machine has no such sockets
  public static NoticeSocket open(String address) throws IOException {
    if (!Transport.EPOLL.isAvailable()) {
      throw new IOException("Unix datagrams need Netty's native transport");
    }
    var loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("sallyport-notice", true), Transport.EPOLL.ioHandlers());
    var path = address.startsWith("@") ? "\0" + address.substring(1) : address;
    var connected =
        new Bootstrap()
            .group(loop)
            .channel(EpollDomainDatagramChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(new DomainSocketAddress(path))
            .awaitUninterruptibly();
    if (!connected.isSuccess()) {
      loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
      throw new IOException("nobody listens at " + address, connected.cause());
    }
    return new NoticeSocket(loop, connected.channel());
  }

  /// Sends one text as one datagram.
  ///
  /// @throws IOException if nobody takes it
  public void send(String text) throws IOException {
    var bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    var sent = channel.writeAndFlush(bytes);
    if (!sent.awaitUninterruptibly(TIMEOUT_MILLIS) || !sent.isSuccess()) {
      throw new IOException("a notice was not taken", sent.cause());
    }
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly(TIMEOUT_MILLIS);
    loop.shutdownGracefully(0, TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
  }
}
