package dev.sallyport.bench;

import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Route;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.ClientHelloRouter;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsEnd;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.tunnel.DialResult;
import dev.sallyport.net.tunnel.HelloVerdict;
import dev.sallyport.net.tunnel.Junction;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.net.tunnel.OpenHandler;
import dev.sallyport.net.tunnel.OpenResult;
import dev.sallyport.net.tunnel.OuterTls;
import dev.sallyport.net.tunnel.ParkedConnections;
import dev.sallyport.net.tunnel.TunnelClient;
import dev.sallyport.net.tunnel.TunnelDialer;
import dev.sallyport.net.tunnel.TunnelEvents;
import dev.sallyport.net.tunnel.TunnelServer;
import dev.sallyport.net.tunnel.TunnelTimings;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// tsh's, the Proxy's and the agent's part of the data's way on loopback, one event-loop thread
/// each, over the real tunnel; the agent answers by itself.
final class SpikeRig implements AutoCloseable {
  private static final String CLUSTER = "bench.example.com";
  private static final String HOST = "bench-host";

  private final NetRuntime proxyLoop;
  private final NetRuntime agentLoop;
  private final NetRuntime clientLoop;
  private final TunnelClient agent;
  private final TunnelDialer dialer;
  private final ParkedConnections lot;
  private final OuterTls outer;

  SpikeRig(OuterTls outer, TlsProvider provider, Supplier<ChannelHandler> application)
      throws Exception {
    this.outer = outer;
    var pki = new Pki();
    proxyLoop = new NetRuntime("proxy", 1, provider);
    agentLoop = new NetRuntime("agent", 1, provider);
    clientLoop = new NetRuntime("client", 1, provider);
    lot = new ParkedConnections(proxyLoop);
    var listener = proxy(pki, provider);
    int port = ((InetSocketAddress) listener.localAddress()).getPort();
    agent = agent(pki, provider, port, application);
    agent.start();
    var me = Optional.of(pki.user());
    var toProxy = TlsContexts.client(me, pki.proxies(), List.of(Alpn.DYNAMODB), provider);
    var toAgent =
        TlsContexts.client(
            me,
            PeerTrust.hosts(pki.verifier, Set.of(SystemRole.DB), any -> true),
            List.of(Alpn.INNER),
            provider);
    dialer =
        new TunnelDialer(
            clientLoop,
            new TunnelDialer.Address("127.0.0.1", port),
            () -> toProxy,
            () -> toAgent,
            outer);
    while (lot.parked(HOST) < 4) {
      Thread.onSpinWait();
    }
  }

  private Channel proxy(Pki pki, TlsProvider provider) throws Exception {
    var identity = pki.host("bench-proxy", SystemRole.PROXY);
    var agentDoor =
        TlsContexts.server(
            identity,
            Optional.of(PeerTrust.hosts(pki.verifier, Set.of(SystemRole.DB), any -> true)),
            List.of(Alpn.REVERSE_TUNNEL),
            provider);
    var userDoor =
        TlsContexts.server(
            identity, Optional.of(PeerTrust.users(pki.verifier)), List.of(Alpn.DYNAMODB), provider);
    var tunnel =
        new TunnelServer(
            () -> agentDoor,
            (peer, chain, hello) -> new HelloVerdict.Welcome(HOST, new byte[0]),
            lot,
            TunnelTimings.DEFAULT,
            outer);
    return proxyLoop
        .server()
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new ClientHelloRouter(hello ->
                            Optional.of(
                                hello.offers(Alpn.REVERSE_TUNNEL)
                                    ? tunnel.newConnection()
                                    : userDoor(userDoor))));
              }
            })
        .bind("127.0.0.1", 0)
        .sync()
        .channel();
  }

  private ChannelHandler userDoor(SslContext tls) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel.pipeline().addLast(tls.newHandler(channel.alloc()), new Entry());
      }
    };
  }

  /// The Proxy's part after the outer handshake.
  private final class Entry extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
        var client = here.channel();
        client.config().setAutoRead(false);
        here.pipeline().remove(this);
        lot.open(client.eventLoop(), HOST, new byte[120], Duration.ofSeconds(5))
            .addListener((Future<OpenResult> asked) -> {
              if (asked.getNow() instanceof OpenResult.Opened(var channel)) {
                Junction.join(client, channel, outer);
              } else {
                client.close();
              }
            });
      }
    }
  }

  private TunnelClient agent(
      Pki pki, TlsProvider provider, int port, Supplier<ChannelHandler> application) {
    var identity = pki.host(HOST, SystemRole.DB);
    var toProxy =
        TlsContexts.client(
            Optional.of(identity), pki.proxies(), List.of(Alpn.REVERSE_TUNNEL), provider);
    var inner =
        TlsContexts.server(
            identity, Optional.of(PeerTrust.users(pki.verifier)), List.of(Alpn.INNER), provider);
    return new TunnelClient(
        agentLoop,
        () -> toProxy,
        new TunnelClient.Settings("127.0.0.1", port, new byte[40], 4, 64),
        new OpenHandler() {
          @Override
          public OpenDecision onOpen(byte[] payload) {
            return new OpenDecision.Accepted();
          }

          @Override
          public void accepted(Channel channel, byte[] payload) {
            channel
                .pipeline()
                .addLast(inner.newHandler(channel.alloc()), new TlsEnd(), application.get());
          }
        },
        new TunnelEvents() {
          @Override
          public void parked(byte[] answer) {}

          @Override
          public void lost(Throwable cause) {}
        },
        new TunnelClient.Policy(TunnelTimings.DEFAULT, outer, new Random(1)));
  }

  /// One connection to the agent, ready for requests.
  Channel dial() throws Exception {
    var result = dialer.dial().get(15, TimeUnit.SECONDS);
    if (result instanceof DialResult.Connected(var channel)) {
      return channel;
    }
    throw new IllegalStateException("dial: " + result);
  }

  @Override
  public void close() {
    clientLoop.close();
    agent.close();
    agentLoop.close();
    proxyLoop.close();
  }

  /// A cluster's authorities, made for one run.
  private static final class Pki {
    final IdentityVerifier verifier;
    private final InstantSource clock = InstantSource.system();
    private final CertificateAuthority users;
    private final CertificateAuthority hosts;

    Pki() {
      var random = new SecureRandom();
      users = CertificateAuthority.create(CaKind.USER, CLUSTER, clock, random);
      hosts = CertificateAuthority.create(CaKind.HOST, CLUSTER, clock, random);
      var trust =
          new TrustBundle(CLUSTER, List.of(users.certificate()), List.of(hosts.certificate()));
      verifier = new IdentityVerifier(() -> trust, clock);
    }

    javax.net.ssl.X509ExtendedTrustManager proxies() {
      return PeerTrust.server(verifier, SystemRole.PROXY, "proxy." + CLUSTER);
    }

    TlsIdentity host(String id, SystemRole role) {
      var keys = KeyPairs.generate();
      var end = clock.instant().plus(Duration.ofHours(1));
      var who = new HostIdentity(CLUSTER, id, role);
      return new TlsIdentity(
          keys.getPrivate(),
          List.of(hosts.issueHost(who, keys.getPublic(), Set.of(), Set.of(), end)));
    }

    TlsIdentity user() {
      var keys = KeyPairs.generate();
      var who =
          new UserIdentity(
              CLUSTER,
              "alice",
              List.of("access"),
              Map.of(),
              UserKind.HUMAN,
              Optional.empty(),
              Optional.empty(),
              Optional.of(
                  new Route("example-dynamodb", "dynamodb", "Example", Optional.empty(), "s1")));
      var end = clock.instant().plus(Duration.ofHours(1));
      return new TlsIdentity(
          keys.getPrivate(), List.of(users.issueUser(who, keys.getPublic(), end)));
    }
  }
}
