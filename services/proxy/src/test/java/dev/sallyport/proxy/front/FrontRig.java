package dev.sallyport.proxy.front;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockTable;
import dev.sallyport.model.Route;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.tunnel.HelloMessage;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.net.tunnel.OpenHandler;
import dev.sallyport.net.tunnel.TunnelClient;
import dev.sallyport.net.tunnel.TunnelDialer;
import dev.sallyport.net.tunnel.TunnelEvents;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.proxy.ProxyConfig;
import dev.sallyport.proxy.ProxyIdentity;
import dev.sallyport.proxy.browser.FakeBrowserDesk;
import dev.sallyport.proxy.web.FakeAuthDesk;
import dev.sallyport.proxy.web.WebFacts;
import dev.sallyport.proxy.web.WebRoutes;
import dev.sallyport.proxy.web.WebServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A front door on a free port with all that stands around it: authorities, a web server, an "Auth"
/// that echoes raw bytes, agents that echo inside.
final class FrontRig implements AutoCloseable {
  static final String CLUSTER = "example.com";
  static final String DATABASE = "example-dynamodb";

  final InstantSource clock = InstantSource.system();

  /// By how much the Proxy's own clock is ahead.
  volatile Duration ahead = Duration.ZERO;

  final CertificateAuthority users;
  final CertificateAuthority hosts;
  final IdentityVerifier verifier;
  final FakeAuthDesk desk = new FakeAuthDesk();
  final Map<String, Set<String>> announced = new ConcurrentHashMap<>();
  final Map<String, TargetHealth.Status> health = new ConcurrentHashMap<>();
  final ConcurrentLinkedQueue<byte[]> opens = new ConcurrentLinkedQueue<>();

  /// What the agents that were asked call themselves.
  final Set<String> openedBy = ConcurrentHashMap.newKeySet();

  final AtomicInteger parked = new AtomicInteger();
  final FrontDoor front;
  private volatile LockTable locks = LockTable.EMPTY;
  final NetRuntime runtime = new NetRuntime("front-test", 2, TlsProvider.best());
  final Queue<String> refusals = new ConcurrentLinkedQueue<>();
  private final ServerSocket auth;
  private final WebServer web;
  private final Deque<TunnelClient> agents = new ArrayDeque<>();

  FrontRig(Path data, List<ProxyConfig.HttpsKeypair> keypairs) throws Exception {
    this(data, keypairs, ProxyConfig.Edge.USUAL);
  }

  FrontRig(Path data, List<ProxyConfig.HttpsKeypair> keypairs, ProxyConfig.Edge edge)
      throws Exception {
    this(data, keypairs, edge, WebServer.Patience.DEFAULT);
  }

  FrontRig(
      Path data,
      List<ProxyConfig.HttpsKeypair> keypairs,
      ProxyConfig.Edge edge,
      WebServer.Patience patience)
      throws Exception {
    var random = new SecureRandom();
    users = CertificateAuthority.create(CaKind.USER, CLUSTER, clock, random);
    hosts = CertificateAuthority.create(CaKind.HOST, CLUSTER, clock, random);
    var trust =
        new TrustBundle(CLUSTER, List.of(users.certificate()), List.of(hosts.certificate()));
    verifier = new IdentityVerifier(() -> trust, clock);
    InstantSource clockOfProxy = () -> clock.instant().plus(ahead);
    auth = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::echo);
    var facts =
        new WebFacts(
            CLUSTER, "proxy.example.com:443", "127.0.0.1:0", "1.0.0", AuthPreference.DEFAULT);
    web =
        WebServer.start(
            data,
            patience,
            new WebRoutes(() -> facts, desk, new FakeBrowserDesk(), InstantSource.system())::addTo);
    var config =
        new ProxyConfig(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(),
            keypairs,
            edge,
            data,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), auth.getLocalPort()),
            0,
            "1.0.0");
    var mine = host("proxy-1", SystemRole.PROXY);
    front =
        FrontDoor.open(
            config,
            new ProxyIdentity("proxy-1", () -> mine),
            new FrontDoor.Surroundings(
                runtime,
                this::serversOf,
                (subject, now) -> locks.on(subject, now),
                new IdentityVerifier(() -> trust, clockOfProxy),
                web,
                (door, peer, reason) -> refusals.add(door + ": " + reason)),
            clockOfProxy);
  }

  private Map<String, TargetHealth.Status> serversOf(String database) {
    return announced.getOrDefault(database, Set.of()).stream()
        .collect(
            Collectors.toMap(
                Function.identity(),
                host -> health.getOrDefault(host, TargetHealth.Status.UNKNOWN)));
  }

  /// Puts a lock in force, in place of what there was.
  void lock(Lock lock) {
    locks = new LockTable(List.of(lock));
    front.locksChanged();
  }

  void unlock() {
    locks = LockTable.EMPTY;
    front.locksChanged();
  }

  int port() {
    return front.address().getPort();
  }

  /// Sends back every byte, and ends when the other side ended.
  private void echo() {
    try {
      while (true) {
        var socket = auth.accept();
        Thread.ofVirtual().start(() -> echo(socket));
      }
    } catch (IOException e) {
      // Closed: the end of the test.
      return;
    }
  }

  private static void echo(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      // The other side broke it off.
      return;
    }
  }

  TlsIdentity host(String hostId, SystemRole role) {
    return host(hosts, hostId, role, Duration.ofHours(1));
  }

  TlsIdentity host(CertificateAuthority by, String hostId, SystemRole role, Duration lifetime) {
    var keys = KeyPairs.generate();
    var certificate =
        by.issueHost(
            new HostIdentity(by.clusterName(), hostId, role),
            keys.getPublic(),
            Set.of(),
            Set.of(),
            clock.instant().plus(lifetime));
    return new TlsIdentity(keys.getPrivate(), List.of(certificate, by.certificate()));
  }

  TlsIdentity user(Optional<Route> route) {
    return user(users, route);
  }

  TlsIdentity user(CertificateAuthority by, Optional<Route> route) {
    var keys = KeyPairs.generate();
    var certificate =
        by.issueUser(
            new UserIdentity(
                by.clusterName(),
                "alice",
                List.of("access"),
                Map.of(),
                UserKind.HUMAN,
                Optional.empty(),
                Optional.empty(),
                route),
            keys.getPublic(),
            clock.instant().plus(Duration.ofHours(1)));
    return new TlsIdentity(keys.getPrivate(), List.of(certificate));
  }

  static Optional<Route> route(String database) {
    return Optional.of(new Route(database, "dynamodb", "Example", Optional.empty(), "s1"));
  }

  SslContext client(Optional<TlsIdentity> identity, String... alpn) {
    return TlsContexts.client(
        identity,
        PeerTrust.server(verifier, SystemRole.PROXY, "proxy." + CLUSTER),
        List.of(alpn),
        TlsProvider.JDK);
  }

  /// An agent that is parked when this returns, unless it is refused.
  TunnelClient agent(String saysToBe, TlsIdentity identity, OpenDecision answer) {
    var context = client(Optional.of(identity), Alpn.REVERSE_TUNNEL);
    var inner =
        TlsContexts.server(
            identity, Optional.of(PeerTrust.users(verifier)), List.of(Alpn.INNER), TlsProvider.JDK);
    var agent =
        new TunnelClient(
            runtime,
            () -> context,
            new TunnelClient.Settings(
                "127.0.0.1", port(), new HelloMessage(saysToBe, "1.0.0").encoded(), 1, 4),
            new OpenHandler() {
              @Override
              public OpenDecision onOpen(byte[] payload) {
                opens.add(payload);
                openedBy.add(saysToBe);
                return answer;
              }

              @Override
              public void accepted(Channel channel, byte[] payload) {
                channel.pipeline().addLast(inner.newHandler(channel.alloc()), new Echo());
              }
            },
            new TunnelEvents() {
              @Override
              public void parked(byte[] welcome) {
                parked.incrementAndGet();
              }

              @Override
              public void lost(Throwable cause) {}
            },
            TunnelClient.Policy.standard(new Random(1)));
    agents.push(agent);
    agent.start();
    return agent;
  }

  TunnelDialer dialer(TlsIdentity user) {
    var outer = client(Optional.of(user), Alpn.DYNAMODB);
    var inner =
        TlsContexts.client(
            Optional.of(user),
            PeerTrust.hosts(verifier, Set.of(SystemRole.DB), any -> true),
            List.of(Alpn.INNER),
            TlsProvider.JDK);
    return new TunnelDialer(
        runtime, new TunnelDialer.Address("127.0.0.1", port()), () -> outer, () -> inner);
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof ByteBuf) {
        context.writeAndFlush(message);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (var agent : agents) {
      agent.close();
    }
    front.close();
    web.close();
    runtime.close();
    auth.close();
  }
}
