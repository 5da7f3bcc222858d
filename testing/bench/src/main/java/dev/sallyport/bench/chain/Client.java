package dev.sallyport.bench.chain;

import dev.sallyport.net.NetRuntime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/// One client connection: sends the same request again and again, and reads just enough of each
/// answer to know its end and its status. On its event loop only.
final class Client extends ChannelInboundHandlerAdapter {
  private static final int LARGEST_HEAD = 16 << 10;
  private static final String LENGTH = "\r\ncontent-length:";

  private final Factory factory;
  private final long began;
  private final StringBuilder head = new StringBuilder();
  private final Channel channel;
  private long since;
  private long bodyLeft;
  private boolean expecting;
  private boolean inBody;
  private boolean ended;

  private Client(Factory factory, Channel channel, long began) {
    this.factory = factory;
    this.channel = channel;
    this.began = began;
  }

  /// A client on a connection that is open; the caller is on its event loop.
  static Client on(Channel channel, Workload.Request request, Listener listener) {
    var target = new Contender.Target("localhost", 0, Optional.empty());
    var factory = new Factory(target, request, listener);
    var client = new Client(factory, channel, System.nanoTime());
    channel.pipeline().addLast(client);
    return client;
  }

  /// Hears of its clients, on their event loop.
  interface Listener {
    /// The connection whose beginning was then is ready to send.
    void connected(Client client, long began);

    /// The request of then has its answer.
    void answered(Client client, long since);

    /// A connection is of no more use.
    void failed(String reason);
  }

  /// Opens connections that all do the same.
  record Factory(Contender.Target target, ByteBuf request, long answerBytes, Listener listener) {

    Factory(Contender.Target target, Workload.Request request, Listener listener) {
      this(
          target,
          Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(request.bytes(target.host()))),
          request.answer.body.length,
          listener);
    }

    void connect(NetRuntime runtime, EventLoop loop, long began) {
      runtime
          .client(loop)
          .handler(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel channel) {
                  target
                      .tls()
                      .ifPresent(tls ->
                          channel
                              .pipeline()
                              .addLast(
                                  tls.newHandler(
                                      channel.alloc(), CannedUpstream.HOST, target.port())));
                  channel.pipeline().addLast(new Client(Factory.this, channel, began));
                }
              })
          .connect("127.0.0.1", target.port())
          .addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
              listener.failed("connect: " + done.cause());
            }
          });
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext here) {
    if (factory.target.tls().isEmpty()) {
      factory.listener.connected(this, began);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext here, Object event) {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        factory.listener.connected(this, began);
      } else {
        fail("handshake: " + done.cause());
      }
    }
  }

  /// Sends the request; its time counts from `from`.
  void send(long from) {
    since = from;
    expecting = true;
    inBody = false;
    head.setLength(0);
    channel.writeAndFlush(factory.request.duplicate(), channel.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext here, Object message) {
    var in = (ByteBuf) message;
    try {
      if (!inBody) {
        readHead(in);
        if (ended) {
          return;
        }
      }
      if (inBody) {
        bodyLeft -= in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (bodyLeft <= 0) {
          end();
        }
      }
    } finally {
      in.release();
    }
  }

  private void readHead(ByteBuf in) {
    while (in.isReadable()) {
      head.append((char) in.readByte());
      int length = head.length();
      if (head.charAt(length - 1) == '\n' && length > 3 && head.charAt(length - 3) == '\n') {
        startBody(in);
        return;
      }
      if (length > LARGEST_HEAD) {
        fail("a head without end");
        return;
      }
    }
  }

  private void startBody(ByteBuf in) {
    var text = head.toString();
    int length = text.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (!text.startsWith("HTTP/1.1 200 ") || length < 0) {
      fail(text.lines().findFirst().orElse("") + " " + in.toString(StandardCharsets.UTF_8));
      return;
    }
    int from = length + LENGTH.length();
    bodyLeft = Long.parseLong(text.substring(from, text.indexOf('\r', from)).trim());
    if (bodyLeft != factory.answerBytes) {
      fail("an answer of %d bytes (expected %d)".formatted(bodyLeft, factory.answerBytes));
      return;
    }
    inBody = true;
  }

  private void end() {
    if (bodyLeft < 0) {
      fail("more than the answer");
      return;
    }
    expecting = false;
    factory.listener.answered(this, since);
  }

  private void fail(String reason) {
    if (!ended) {
      close();
      factory.listener.failed(reason);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext here) {
    fail(expecting ? "closed before the answer" : "closed by the far side");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
    fail(cause.toString());
  }

  /// Leaves the connection as it is; nothing is heard of it any more.
  void leave() {
    ended = true;
    channel.pipeline().remove(this);
  }

  /// Closes the connection; nothing is heard of it any more.
  void close() {
    ended = true;
    channel.close();
  }

  @Override
  public String toString() {
    return expecting
        ? "a client waiting for %d s, %s"
            .formatted(
                (System.nanoTime() - since) / 1_000_000_000,
                inBody ? bodyLeft + " bytes missing" : head.length() + " bytes of a head")
        : "a client at rest";
  }
}
