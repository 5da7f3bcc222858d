package dev.sallyport.bench.chain;

import dev.sallyport.net.NetRuntime;
import dev.sallyport.testkit.tls.PublicAuthority;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// DynamoDB's place: HTTPS on one event loop, which answers from memory at once. Counts what
/// arrives, so that a chain which answers by itself, or asks twice, is seen.
final class CannedUpstream implements AutoCloseable {
  static final String HOST = "localhost";
  private static final int LARGEST_REQUEST = 20 << 20;
  private static final int NAME_WITHIN = 64;

  private final NetRuntime runtime;
  private final Channel listener;
  private final LongAdder requests = new LongAdder();
  private final LongAdder handshakes = new LongAdder();

  /// Listens on a free port of 127.0.0.1 with a certificate for "localhost".
  CannedUpstream(NetRuntime runtime, PublicAuthority.KeyPairFiles shown)
      throws IOException, InterruptedException {
    this.runtime = runtime;
    var tls =
        SslContextBuilder.forServer(shown.certificate().toFile(), shown.key().toFile())
            .sslProvider(SslProvider.OPENSSL)
            .build();
    this.listener =
        runtime.server().childHandler(initializer(tls)).bind("127.0.0.1", 0).sync().channel();
  }

  private ChannelInitializer<Channel> initializer(SslContext tls) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(
                tls.newHandler(channel.alloc()),
                new HttpServerCodec(),
                new HttpObjectAggregator(LARGEST_REQUEST),
                new Answering());
      }
    };
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// How many requests have arrived since the start.
  long requests() {
    return requests.sum();
  }

  /// How many TLS handshakes were done since the start.
  long handshakes() {
    return handshakes.sum();
  }

  private final class Answering extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Map<Answer, byte[]> NAMES = names();

    private static Map<Answer, byte[]> names() {
      var names = new EnumMap<Answer, byte[]>(Answer.class);
      for (var answer : Answer.values()) {
        names.put(answer, answer.table.getBytes(StandardCharsets.US_ASCII));
      }
      return names;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext here, FullHttpRequest request) {
      requests.increment();
      var answer = chosen(request.content());
      var response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(answer.body));
      response
          .headers()
          .set("Server", "Server")
          .set("Content-Type", "application/x-amz-json-1.0")
          .set("Content-Length", answer.body.length)
          .set("x-amzn-RequestId", "BENCH00000000000000000000000000000000000000000000000")
          .set("x-amz-crc32", answer.crc32);
      here.writeAndFlush(response, here.voidPromise());
    }

    private static Answer chosen(ByteBuf body) {
      var head = body.slice(body.readerIndex(), Math.min(NAME_WITHIN, body.readableBytes()));
      for (var name : NAMES.entrySet()) {
        if (ByteBufUtil.indexOf(Unpooled.wrappedBuffer(name.getValue()), head) >= 0) {
          return name.getKey();
        }
      }
      return Answer.EMPTY;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
        handshakes.increment();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    runtime.close();
  }
}
