package dev.sallyport.proxy;

import dev.sallyport.control.ClusterView;
import dev.sallyport.control.ClusterWatcher;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.HostCertificate;
import dev.sallyport.control.ProxyHeartbeat;
import dev.sallyport.control.host.HostFolder;
import dev.sallyport.control.host.HostMembership;
import dev.sallyport.control.host.MembershipKeeper;
import dev.sallyport.diagnostics.Component;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Kind;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.proxy.front.FrontDoor;
import dev.sallyport.proxy.record.RefusalReports;
import dev.sallyport.proxy.scripts.InstallScripts;
import dev.sallyport.proxy.web.WebFacts;
import dev.sallyport.proxy.web.WebRoutes;
import dev.sallyport.proxy.web.WebServer;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Proxy Service: the cluster's only public door. Wires, in the order of the data's way, the
/// watch of the cluster, the web server and the port with its doors, and closes them backwards.
///
/// A start does not wait for the Auth Service: what needs it says so until it answers, and the
/// watch goes on trying, at most a second apart.
public final class ProxyService implements Component, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProxyService.class);

  private final NetRuntime runtime;
  private final FrontDoor front;
  private final ClusterView view;
  private final InstantSource clock;
  private final Deque<AutoCloseable> opened;

  private ProxyService(
      NetRuntime runtime,
      FrontDoor front,
      ClusterView view,
      InstantSource clock,
      Deque<AutoCloseable> opened) {
    this.runtime = runtime;
    this.clock = clock;
    this.front = front;
    this.view = view;
    this.opened = opened;
  }

  /// Starts a Proxy Service, which listens when this returns.
  ///
  /// @param me the membership with which it begins
  /// @param folder where renewed certificates and changed authorities are kept; without one, as in
  ///   the process of Auth, each start brings others
  /// @throws ProxyStartException when its port or its files can't be used
  public static ProxyService start(
      ProxyConfig config, HostMembership me, Optional<HostFolder> folder, InstantSource clock)
      throws ProxyStartException, InterruptedException {
    var opened = new ArrayDeque<AutoCloseable>();
    try {
      return wire(config, me, folder, clock, opened);
    } catch (ProxyStartException | InterruptedException | RuntimeException e) {
      closeAll(opened);
      throw e;
    }
  }

  private static ProxyService wire(
      ProxyConfig config,
      HostMembership me,
      Optional<HostFolder> folder,
      InstantSource clock,
      Deque<AutoCloseable> opened)
      throws ProxyStartException, InterruptedException {
    var view = new ClusterView(me.trust(), clock);
    var verifier = new IdentityVerifier(view::trust, clock);
    var certificate =
        new HostCertificate(
            new HostIdentity(verifier.clusterName(), me.hostId(), SystemRole.PROXY),
            me.shown(),
            clock,
            new SecureRandom());
    var auth = new AuthConnection(endpoint(config), certificate::client, verifier);
    opened.push(auth);
    var watcher = watcher(view, auth);
    opened.push(watcher.start());
    certificate.whenChanged(watcher::moveOver);
    opened.push(certificate.start(auth.client(), view, keeping(folder, me, view, certificate)));

    var bound = new CompletableFuture<InetSocketAddress>();
    var browsers = new BrowserConnection(endpoint(config), auth::client, verifier);
    var routes =
        new WebRoutes(
            () -> facts(config, verifier.clusterName(), bound.join(), view), auth, browsers, clock);
    var scripts =
        scripts(
            config,
            () -> facts(config, verifier.clusterName(), bound.join(), view).proxyAddress(),
            view,
            auth);
    var web =
        webServer(
            config,
            all -> {
              routes.addTo(all);
              scripts.addTo(all);
            });
    opened.push(web);

    var refusals = refusals(verifier, auth, clock).start();
    opened.push(refusals);

    var runtime = new NetRuntime("proxy", NetRuntime.loopsOfThisMachine(), TlsProvider.best());
    opened.push(runtime);
    var front =
        FrontDoor.open(
            config,
            new ProxyIdentity(me.hostId(), certificate::server),
            new FrontDoor.Surroundings(
                runtime,
                database -> servers(view, database),
                (subject, now) -> view.locks().on(subject, now),
                verifier,
                web,
                refusals),
            clock);
    opened.push(front);
    view.whenLocksChange(front::locksChanged);
    bound.complete(front.address());
    opened.push(
        Announcement.start(auth::client, heartbeat(config, front.address()), new SecureRandom()));
    log.atInfo()
        .addKeyValue(
            "address", facts(config, verifier.clusterName(), front.address(), view).listenAddress())
        .log("the Proxy Service is listening");
    return new ProxyService(runtime, front, view, clock, opened);
  }

  private static HostCertificate.Keeping keeping(
      Optional<HostFolder> folder,
      HostMembership me,
      ClusterView view,
      HostCertificate certificate) {
    return folder
        .<HostCertificate.Keeping>map(
            place -> new MembershipKeeper(place, me, view).follow(certificate))
        .orElse(HostCertificate.Keeping.NOWHERE);
  }

  private static ProxyHeartbeat heartbeat(ProxyConfig config, InetSocketAddress bound) {
    var addresses = new ArrayList<String>();
    addresses.add(PublicAddress.of(config.publicAddresses(), bound).toString());
    addresses.addAll(config.publicAddresses().stream().skip(1).toList());
    return new ProxyHeartbeat(addresses);
  }

  private static Map<String, TargetHealth.Status> servers(ClusterView view, String database) {
    return view.serversOf(database)
        .collect(
            Collectors.toUnmodifiableMap(
                DatabaseServer::hostId, DatabaseServer::healthStatus, (one, _) -> one));
  }

  private static ClusterWatcher watcher(ClusterView view, AuthConnection auth) {
    return new ClusterWatcher(
        view,
        auth::client,
        Set.of(Kind.DB_SERVER, Kind.LOCK, Kind.CERT_AUTHORITY, Kind.CLUSTER_AUTH_PREFERENCE),
        lost ->
            log.atWarn()
                .addKeyValue("reason", lost.getMessage())
                .log("the Auth Service is not heard; trying again"),
        new SecureRandom());
  }

  private static RefusalReports refusals(
      IdentityVerifier verifier, AuthConnection auth, InstantSource clock) {
    return new RefusalReports(
        new RefusalReports.Source(verifier::clusterName, () -> UUID.randomUUID().toString(), clock),
        batch -> auth.client().audit(batch),
        new SecureRandom());
  }

  private static InstallScripts scripts(
      ProxyConfig config, Supplier<String> address, ClusterView view, AuthConnection auth) {
    return new InstallScripts(
        new InstallScripts.Facts(address, () -> pins(config, view), config.version()),
        auth,
        config.dataFolder().resolve("packages"),
        System::nanoTime);
  }

  /// By which a host knows the cluster, unless the web door has certificates that a machine trusts.
  private static List<String> pins(ProxyConfig config, ClusterView view) {
    return config.httpsKeypairs().isEmpty()
        ? view.trust().pins().stream().map(CaPin::text).toList()
        : List.of();
  }

  private static WebServer webServer(ProxyConfig config, Consumer<RoutesConfig> routes)
      throws ProxyStartException {
    try {
      return WebServer.start(config.dataFolder(), routes);
    } catch (IOException e) {
      throw new ProxyStartException(
          "the Proxy Service can't use the data folder "
              + config.dataFolder()
              + " (teleport.data_dir): "
              + e.getMessage(),
          e);
    }
  }

  private static ControlEndpoint endpoint(ProxyConfig config) {
    var auth = config.authAddress();
    return new ControlEndpoint(auth.getHostString(), auth.getPort());
  }

  private static WebFacts facts(
      ProxyConfig config, String cluster, InetSocketAddress bound, ClusterView view) {
    return new WebFacts(
        cluster,
        PublicAddress.of(config.publicAddresses(), bound).toString(),
        new ControlEndpoint(config.webListen().getHostString(), bound.getPort()).toString(),
        config.version(),
        view.preference());
  }

  /// The port that it listens at.
  public int boundPort() {
    return front.address().getPort();
  }

  /// Waits until the Proxy knows which agent serves what; false when that takes longer.
  public boolean awaitReady(Duration limit) throws InterruptedException {
    return view.awaitSynced(limit);
  }

  /// Reads the files of its certificates again, and shows what is in them if it is another and
  /// whole; connections that are open go on. What is wrong is in the log.
  ///
  /// @return whether others are shown now
  public boolean reloadCertificates() {
    return front.reloadCertificates();
  }

  /// Whether its event loops do work within that time.
  public boolean answers(Duration within) throws InterruptedException {
    return runtime.answers(within);
  }

  /// Whether it is in sight of the Auth Service.
  @Override
  public boolean healthy() {
    return view.fresh(clock.instant());
  }

  @Override
  public void measure(MetricText out) {
    front.measure(out);
  }

  /// Takes no more connections, lets the open ones end within a bounded time, and stops.
  @Override
  public void close() {
    closeAll(opened);
  }

  private static void closeAll(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        log.atWarn().setCause(e).log("a part of the Proxy Service did not close cleanly");
      }
    }
  }
}
