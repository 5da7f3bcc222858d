package dev.sallyport.net.tunnel;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.util.function.Supplier;

/// The Proxy's end of the reverse tunnel: makes, for each connection that chose the ALPN
/// `teleport-reversetunnel`, the handlers that end its TLS, greet the agent and park it.
///
/// The TLS context must demand a client certificate and trust only agents' (chain and role). Safe
/// from any thread.
public final class TunnelServer {
  private final Supplier<SslContext> tls;
  private final HelloVerifier verifier;
  private final ParkedConnections lot;
  private final TunnelTimings timings;
  private final OuterTls outer;

  /// A server that parks in the given lot. The supplier is asked for each connection.
  public TunnelServer(Supplier<SslContext> tls, HelloVerifier verifier, ParkedConnections lot) {
    this(tls, verifier, lot, TunnelTimings.DEFAULT, OuterTls.DECIDED);
  }

  /// As above, with times and an outer TLS of one's own, which measurements compare.
  public TunnelServer(
      Supplier<SslContext> tls,
      HelloVerifier verifier,
      ParkedConnections lot,
      TunnelTimings timings,
      OuterTls outer) {
    this.tls = tls;
    this.verifier = verifier;
    this.lot = lot;
    this.timings = timings;
    this.outer = outer;
  }

  /// The door for one connection: put it at the end of the pipeline, before any byte of TLS.
  public ChannelHandler newConnection() {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(
                tls.get().newHandler(channel.alloc()),
                new FrameCodec(),
                new ParkedConnection(verifier, lot, timings, outer));
      }
    };
  }
}
