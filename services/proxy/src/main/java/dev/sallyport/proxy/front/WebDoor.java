package dev.sallyport.proxy.front;

import dev.sallyport.net.ClientHello;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.ProxyHeader;
import dev.sallyport.net.RawRelay;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.SocketAddress;
import java.util.Map;
import java.util.function.Function;

/// The web door: ends TLS, then passes the bytes to the web server's socket for the protocol that
/// was agreed on, after a PROXY header with the client's address.
final class WebDoor implements Function<ClientHello, io.netty.channel.ChannelHandler> {
  static final String NAME = "web";

  private final NetRuntime runtime;
  private final WebCertificates certificates;
  private final SocketAddress http1;
  private final SocketAddress http2;

  WebDoor(
      NetRuntime runtime, WebCertificates certificates, SocketAddress http1, SocketAddress http2) {
    this.runtime = runtime;
    this.certificates = certificates;
    this.http1 = http1;
    this.http2 = http2;
  }

  @Override
  public io.netty.channel.ChannelHandler apply(ClientHello hello) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(
                certificates.choose(hello.sni()).newHandler(channel.alloc()), new Connection());
      }
    };
  }

  private final class Connection extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent done)) {
        return;
      }
      var channel = context.channel();
      if (!done.isSuccess()) {
        ConnectionLog.refused(channel, NAME, String.valueOf(done.cause().getMessage()));
        context.close();
        return;
      }
      var agreed = context.pipeline().get(SslHandler.class).applicationProtocol();
      boolean second = "h2".equals(agreed);
      var facts = Map.of("protocol", second ? "h2" : "http/1.1");
      context
          .pipeline()
          .replace(
              this,
              null,
              new RawRelay(
                  runtime,
                  second ? http2 : http1,
                  ProxyHeader::v2,
                  ConnectionLog.splices(channel, NAME, facts)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
