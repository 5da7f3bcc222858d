package dev.sallyport.proxy.front;

import dev.sallyport.control.admission.AddressCounts;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.Preface;
import dev.sallyport.net.ProxyHeader;
import dev.sallyport.net.RawRelay;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.tunnel.HelloMessage;
import dev.sallyport.net.tunnel.ParkedConnections;
import dev.sallyport.net.tunnel.TunnelServer;
import dev.sallyport.pki.ClientAddressProof;
import dev.sallyport.pki.IdentityBound;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.proxy.ProxyConfig;
import dev.sallyport.proxy.ProxyIdentity;
import dev.sallyport.proxy.ProxyStartException;
import dev.sallyport.proxy.web.WebServer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import javax.net.ssl.X509ExtendedTrustManager;

/// The open port with its doors. Opened by its factory; whoever opened it closes it before the web
/// server and the event loops.
public final class FrontDoor implements AutoCloseable {
  /// How long connections may go on after the port was closed.
  public static final Duration DRAIN = Duration.ofSeconds(2);

  private final Listeners listeners;
  private final ChannelGroup open;
  private final ParkedConnections lot;
  private final Lockout lockout;
  private final Certificates certificates;
  private final Meters meters;

  private FrontDoor(
      Listeners listeners, Traffic traffic, Certificates certificates, Meters meters) {
    this.listeners = listeners;
    this.open = traffic.open();
    this.lot = traffic.lot();
    this.lockout = traffic.lockout();
    this.certificates = certificates;
    this.meters = meters;
  }

  /// The port, and where connections come in that went through the web server.
  private record Listeners(Channel port, Channel upgraded) {}

  /// Who is connected.
  private record Traffic(ChannelGroup open, ParkedConnections lot, Lockout lockout) {}

  /// What the web door shows, and who looks whether there is something else.
  private record Certificates(WebCertificates shown, Optional<CertificateWatch> watch) {}

  /// What counts.
  private record Meters(Gate gate, DatabaseDoor databases) {}

  /// What the doors need of the rest of the Proxy.
  ///
  /// @param runtime the event loops
  /// @param serversOf the hosts that serve a database, as the Auth Service says, and whether they
  ///   reach it
  /// @param locks a lock that hits somebody at a time
  /// @param verifier checks users and hosts against the cluster's authorities
  /// @param web the web server
  /// @param refusals hears of those who are turned away
  public record Surroundings(
      NetRuntime runtime,
      Function<String, Map<String, TargetHealth.Status>> serversOf,
      BiFunction<LockSubject, Instant, Optional<Lock>> locks,
      IdentityVerifier verifier,
      WebServer web,
      Refusals refusals) {}

  /// Binds the port.
  public static FrontDoor open(
      ProxyConfig config, ProxyIdentity me, Surroundings around, InstantSource clock)
      throws ProxyStartException, InterruptedException {
    var open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    var lot = new ParkedConnections(around.runtime());
    var lockout = new Lockout(around.locks(), clock);
    var doorkeeper = new Doorkeeper(around.verifier(), lockout, around.refusals());
    var certificates =
        WebCertificates.load(
            config.httpsKeypairs(), me.certificate(), around.runtime().tls(), clock);
    var web =
        new WebDoor(around.runtime(), certificates, around.web().http1(), around.web().http2());
    var doors =
        new Doors(
            () -> authDoor(around.runtime(), config.authAddress(), signedAddress(me, clock)),
            tunnel(config, me, around, lot, doorkeeper)::newConnection,
            databases(me, around, lot, doorkeeper),
            web);
    var gate =
        new Gate(
            new AddressLimiter(Rate.HANDSHAKES),
            new AddressCounts(config.connectionsOfAddressMax()),
            config.edge().balancers(),
            open,
            doors);
    var bound = around.runtime().server().childHandler(gate).bind(config.webListen()).await();
    if (!bound.isSuccess()) {
      throw new ProxyStartException(
          "the Proxy Service can't listen on "
              + text(config.webListen())
              + " (proxy_service.web_listen_addr): "
              + bound.cause().getMessage(),
          bound.cause());
    }
    var upgraded =
        around
            .runtime()
            .serverAt(around.web().upgraded())
            .childHandler(gate.upgraded())
            .bind()
            .await();
    if (!upgraded.isSuccess()) {
      bound.channel().close();
      throw new ProxyStartException(
          "the Proxy Service can't listen in its data folder (teleport.data_dir): "
              + upgraded.cause().getMessage(),
          upgraded.cause());
    }
    var watch =
        config.httpsKeypairs().isEmpty() || config.edge().reloadEvery().isZero()
            ? Optional.<CertificateWatch>empty()
            : Optional.of(CertificateWatch.start(certificates, config.edge().reloadEvery()));
    return new FrontDoor(
        new Listeners(bound.channel(), upgraded.channel()),
        new Traffic(open, lot, lockout),
        new Certificates(certificates, watch),
        new Meters(gate, doors.database()));
  }

  private static TunnelServer tunnel(
      ProxyConfig config,
      ProxyIdentity me,
      Surroundings around,
      ParkedConnections lot,
      Doorkeeper doorkeeper) {
    var agents =
        context(
            around.runtime(),
            me,
            PeerTrust.hosts(around.verifier(), Set.of(SystemRole.DB), host -> true),
            Alpn.REVERSE_TUNNEL);
    var welcome = new HelloMessage(me.hostId(), config.version());
    return new TunnelServer(agents, new TunnelDoor(doorkeeper, welcome), lot);
  }

  private static DatabaseDoor databases(
      ProxyIdentity me, Surroundings around, ParkedConnections lot, Doorkeeper doorkeeper) {
    var users = context(around.runtime(), me, PeerTrust.users(around.verifier()), Alpn.DYNAMODB);
    return new DatabaseDoor(users, doorkeeper, around.serversOf(), lot, new SecureRandom());
  }

  private static IdentityBound<SslContext> context(
      NetRuntime runtime, ProxyIdentity me, X509ExtendedTrustManager trust, String protocol) {
    return new IdentityBound<>(
        me.certificate(),
        (TlsIdentity identity) ->
            TlsContexts.server(identity, Optional.of(trust), List.of(protocol), runtime.tls()));
  }

  /// Raw bytes: the TLS inside is the Auth Service's, which asks for a certificate itself.
  private static ChannelHandler authDoor(
      NetRuntime runtime, InetSocketAddress auth, Preface preface) {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        var log = ConnectionLog.splices(channel, "auth", Map.of());
        channel.pipeline().addLast(new RawRelay(runtime, auth, preface, log));
      }
    };
  }

  /// Tells the Auth Service where the client is, for its records and limits.
  private static Preface signedAddress(ProxyIdentity me, InstantSource clock) {
    return (allocator, client, here) ->
        ProxyHeader.v2(
            allocator,
            client,
            here,
            ClientAddressProof.TLV,
            ClientAddressProof.of(client, me.certificate().get(), clock.instant()));
  }

  /// Where it listens, the port that was chosen for port 0 included.
  public InetSocketAddress address() {
    return (InetSocketAddress) listeners.port().localAddress();
  }

  /// How many connections are open.
  public int connections() {
    return open.size();
  }

  /// Writes what is open, who is parked, and how connections to databases fared.
  public void measure(MetricText out) {
    out.gauge("sallyport_proxy_connections", "Connections of all kinds.").sample(connections());
    out.counter(
            "sallyport_proxy_turned_away_total",
            "Connections that were closed before a byte was read, for a limit.")
        .sample(meters.gate().turnedAway());
    var hosts = lot.hosts();
    out.gauge("sallyport_proxy_agents", "Database Services that are connected.")
        .sample(hosts.size());
    out.gauge("sallyport_proxy_parked_connections", "Connections that they have parked.")
        .sample(hosts.stream().mapToInt(lot::parked).sum());
    certificates
        .shown()
        .end()
        .ifPresent(end ->
            out.gauge(
                    "sallyport_proxy_https_certificate_end_seconds",
                    "When the first of the configured certificates ends, in seconds since 1970.")
                .sample(end.getEpochSecond()));
    out.histograms(
        "sallyport_proxy_database_open_seconds",
        "How long connections to databases took to reach an agent (ok) or to be turned down.",
        "status",
        meters.databases().opened());
  }

  private static String text(InetSocketAddress address) {
    return address.getHostString() + ":" + address.getPort();
  }

  /// Reads the files of the web door's certificates again, and shows what is in them if it is
  /// another and whole; connections that are open go on.
  ///
  /// @return whether others are shown now
  public boolean reloadCertificates() {
    return certificates.shown().reloadAsAsked();
  }

  /// A lock came or went: agents that are locked now lose their connections, parked and in use.
  public void locksChanged() {
    lot.hosts().stream().filter(hostId -> lockout.onAgent(hostId).isPresent()).forEach(lot::expel);
    lockout.enforce();
  }

  /// Takes no more connections, lets the open ones go on until [#DRAIN] has passed, and closes
  /// them.
  @Override
  public void close() {
    certificates.watch().ifPresent(CertificateWatch::close);
    listeners.port().close().awaitUninterruptibly();
    listeners.upgraded().close().awaitUninterruptibly();
    var ended = open.newCloseFuture();
    if (!ended.awaitUninterruptibly(DRAIN.toMillis(), TimeUnit.MILLISECONDS)) {
      open.close().awaitUninterruptibly(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
