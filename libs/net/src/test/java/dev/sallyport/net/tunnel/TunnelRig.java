package dev.sallyport.net.tunnel;

import static org.awaitility.Awaitility.await;

import dev.sallyport.model.SystemRole;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.ClientHelloRouter;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.Splice;
import dev.sallyport.net.TestPki;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsEnd;
import dev.sallyport.net.TlsKind;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.Verification;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A small Proxy, agents and a dialer on loopback, each on loops of its own, over real
/// certificates. Closed in the reverse order of making.
final class TunnelRig implements AutoCloseable {
  static final String CLUSTER = "example.com";
  static final String HOST = "3f1c0a52";

  /// What ends on its own soon; what must not end stays long, since machines may be busy.
  static final TunnelTimings QUICK =
      new TunnelTimings(
          Duration.ofMillis(200),
          Duration.ofMillis(1000),
          Duration.ofMillis(1000),
          Duration.ofSeconds(20),
          Duration.ofSeconds(2),
          Duration.ofMillis(200),
          Duration.ofMillis(200));

  /// The product's times, but for the limits that a busy machine may break.
  static final TunnelTimings PATIENT =
      new TunnelTimings(
          Duration.ofSeconds(15),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10),
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(10));

  static final Duration QUEUED = Duration.ofSeconds(20);
  static final int QUEUE_MAX = 100;
  static final Duration DIALED = Duration.ofSeconds(30);

  final TlsKind kind;
  final OuterTls outer;
  final TunnelTimings timings;
  final TestPki pki = new TestPki(CLUSTER);
  final ParkedConnections lot;
  final List<Splice> splices = new CopyOnWriteArrayList<>();
  final ConcurrentLinkedQueue<Throwable> lost = new ConcurrentLinkedQueue<>();
  final AtomicInteger accepted = new AtomicInteger();

  private final ArrayList<Runnable> opened = new ArrayList<>();
  private final NetRuntime proxyLoops;
  private final SslContext agentDoor;
  private final SslContext userDoor;
  private Channel listener;
  final ConcurrentLinkedQueue<Channel> proxyChannels = new ConcurrentLinkedQueue<>();

  TunnelRig(TlsKind kind, OuterTls outer, TunnelTimings timings) throws Exception {
    this(kind, outer, timings, 2);
  }

  TunnelRig(TlsKind kind, OuterTls outer, TunnelTimings timings, int proxyThreads)
      throws Exception {
    this.kind = kind;
    this.outer = outer;
    this.timings = timings;
    proxyLoops = keep(kind.runtime("proxy", proxyThreads));
    lot = new ParkedConnections(proxyLoops, timings, QUEUE_MAX);
    var identity = pki.host("proxy-1", SystemRole.PROXY);
    agentDoor =
        TlsContexts.server(
            identity,
            Optional.of(PeerTrust.hosts(pki.verifier, Set.of(SystemRole.DB), any -> true)),
            List.of(Alpn.REVERSE_TUNNEL),
            kind.provider());
    userDoor =
        TlsContexts.server(
            identity,
            Optional.of(PeerTrust.users(pki.verifier)),
            List.of(Alpn.DYNAMODB),
            kind.provider());
    listener = bind(0);
  }

  private NetRuntime keep(NetRuntime runtime) {
    opened.add(runtime::close);
    return runtime;
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  private Channel bind(int port) throws Exception {
    var tunnel = new TunnelServer(() -> agentDoor, this::verify, lot, timings, outer);
    return proxyLoops
        .server()
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                proxyChannels.add(channel);
                channel
                    .pipeline()
                    .addLast(
                        new ClientHelloRouter(hello ->
                            hello.offers(Alpn.REVERSE_TUNNEL)
                                ? Optional.of(tunnel.newConnection())
                                : Optional.of(userDoor())));
              }
            })
        .bind("127.0.0.1", port)
        .sync()
        .channel();
  }

  private HelloVerdict verify(
      SocketAddress peer, List<java.security.cert.X509Certificate> chain, byte[] hello) {
    var said = HelloMessage.parse(hello);
    return switch (pki.verifier.host(chain, Set.of(SystemRole.DB))) {
      case Verification.Verified<dev.sallyport.pki.VerifiedHost>(var host)
          when host.identity().hostId().equals(said.hostId()) ->
          new HelloVerdict.Welcome(said.hostId(), new byte[] {42});
      case Verification.Verified<dev.sallyport.pki.VerifiedHost> _ ->
          new HelloVerdict.Unwelcome("another host's certificate");
      case Verification.Refused<dev.sallyport.pki.VerifiedHost>(var reason) ->
          new HelloVerdict.Unwelcome(reason);
    };
  }

  private ChannelHandler userDoor() {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(userDoor.newHandler(channel.alloc()), new Entry());
      }
    };
  }

  /// What the Proxy does with a user's connection, in short.
  private final class Entry extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
      if (!(event instanceof SslHandshakeCompletionEvent done) || !done.isSuccess()) {
        return;
      }
      var client = here.channel();
      client.config().setAutoRead(false);
      here.pipeline().remove(this);
      byte[] open = new OpenMessage("127.0.0.1:1", "example-dynamodb", "ab").encoded();
      lot.open(client.eventLoop(), HOST, open, QUEUED)
          .addListener((io.netty.util.concurrent.Future<OpenResult> asked) -> {
            switch (asked.getNow()) {
              case OpenResult.Opened(var agent) ->
                  Junction.join(client, agent, outer)
                      .addListener((io.netty.util.concurrent.Future<Splice> joined) -> {
                        if (joined.isSuccess()) {
                          splices.add(joined.getNow());
                        }
                      });
              case OpenResult.Refused(var reason) ->
                  Junction.refuse(client, StatusCode.DENIED, reason);
              case OpenResult.NotNow(var reason) ->
                  Junction.refuse(client, StatusCode.BUSY, reason);
              case OpenResult.NoAgent() -> Junction.refuse(client, StatusCode.NO_AGENT, "no agent");
              case OpenResult.Busy() -> Junction.refuse(client, StatusCode.BUSY, "busy");
            }
          });
    }
  }

  NetRuntime runtime(String name, int threads) {
    return keep(kind.runtime(name, threads));
  }

  /// Cuts all connections at the Proxy without a word of TLS.
  void cutProxyConnections() throws Exception {
    for (var channel : proxyChannels) {
      channel.eventLoop().submit(() -> channel.unsafe().closeForcibly()).sync();
    }
  }

  /// Resets all connections at the Proxy, which goes on listening.
  void resetProxyConnections() throws Exception {
    for (var channel : List.copyOf(proxyChannels)) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.pipeline().remove(SslHandler.class);
      channel.close().sync();
    }
  }

  /// The Proxy goes away with all its connections, as a killed process.
  void killProxy() throws Exception {
    listener.close().sync();
    for (var channel : proxyChannels) {
      channel.close().sync();
    }
    proxyChannels.clear();
  }

  void restartProxy(int port) throws Exception {
    listener = bind(port);
  }

  /// The client's end of a connection that an agent parks at the Proxy.
  SslContext parking(TlsIdentity identity) {
    return TlsContexts.client(
        Optional.of(identity),
        PeerTrust.server(pki.verifier, SystemRole.PROXY, "proxy." + CLUSTER),
        List.of(Alpn.REVERSE_TUNNEL),
        kind.provider());
  }

  TunnelClient agent(int min, int max, OpenHandler opens) {
    return agent(min, max, opens, pki.host(HOST, SystemRole.DB));
  }

  TunnelClient agent(int min, int max, OpenHandler opens, TlsIdentity identity) {
    var loops = keep(kind.runtime("agent", 1));
    var context = parking(identity);
    var client =
        new TunnelClient(
            loops,
            () -> context,
            new TunnelClient.Settings(
                "127.0.0.1", port(), new HelloMessage(HOST, "1.0.0").encoded(), min, max),
            opens,
            new TunnelEvents() {
              @Override
              public void parked(byte[] answer) {}

              @Override
              public void lost(Throwable cause) {
                lost.add(cause);
              }
            },
            new TunnelClient.Policy(timings, outer, new Random(1)));
    opened.add(client::close);
    client.start();
    return client;
  }

  /// An agent's inner end: TLS, then what the function gives.
  OpenHandler inside(Function<Channel, ChannelHandler> application) {
    return inside(HOST, application);
  }

  /// The inner end of an agent that is the named one.
  OpenHandler inside(String host, Function<Channel, ChannelHandler> application) {
    var context =
        TlsContexts.server(
            pki.host(host, SystemRole.DB),
            Optional.of(PeerTrust.users(pki.verifier)),
            List.of(Alpn.INNER),
            kind.provider());
    return new OpenHandler() {
      @Override
      public OpenDecision onOpen(byte[] payload) {
        OpenMessage.parse(payload);
        return new OpenDecision.Accepted();
      }

      @Override
      public void accepted(Channel channel, byte[] payload) {
        accepted.incrementAndGet();
        channel
            .pipeline()
            .addLast(context.newHandler(channel.alloc()), new TlsEnd(), application.apply(channel));
      }
    };
  }

  OpenHandler echo() {
    return inside(channel -> new Echo());
  }

  TunnelDialer dialer() {
    return dialer(pki.user("alice"));
  }

  TunnelDialer dialer(TlsIdentity user) {
    var loops = keep(kind.runtime("tsh", 1));
    var outerContext =
        TlsContexts.client(
            Optional.of(user),
            PeerTrust.server(pki.verifier, SystemRole.PROXY, "proxy." + CLUSTER),
            List.of(Alpn.DYNAMODB),
            kind.provider());
    var innerContext =
        TlsContexts.client(
            Optional.of(user),
            PeerTrust.hosts(
                pki.verifier, Set.of(SystemRole.DB), host -> host.identity().hostId().equals(HOST)),
            List.of(Alpn.INNER),
            kind.provider());
    return new TunnelDialer(
        loops,
        new TunnelDialer.Address("127.0.0.1", port()),
        () -> outerContext,
        () -> innerContext,
        outer);
  }

  static DialResult dial(TunnelDialer dialer) throws Exception {
    return dialer.dial(DIALED).get(35, TimeUnit.SECONDS);
  }

  static Channel connected(TunnelDialer dialer) throws Exception {
    var result = dial(dialer);
    if (result instanceof DialResult.Connected(var channel)) {
      return channel;
    }
    throw new AssertionError("not connected: " + result);
  }

  void awaitParked(int count) {
    await().atMost(Duration.ofSeconds(10)).until(() -> lot.parked(HOST) == count);
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    opened.reversed().forEach(Runnable::run);
  }

  /// Sends back what it gets.
  static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      here.write(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext here) {
      here.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }

  /// Collects what it gets.
  static final class Collector extends ChannelInboundHandlerAdapter {
    volatile String text = "";
    volatile @Nullable Throwable failure;

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      var bytes = (ByteBuf) message;
      text = text.concat(bytes.toString(java.nio.charset.StandardCharsets.ISO_8859_1));
      bytes.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      failure = cause;
      here.close();
    }
  }
}
