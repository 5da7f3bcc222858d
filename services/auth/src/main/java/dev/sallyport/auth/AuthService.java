package dev.sallyport.auth;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.sqlite.SqliteAuditStore;
import dev.sallyport.auth.api.AuthPatience;
import dev.sallyport.auth.api.AuthServer;
import dev.sallyport.auth.audit.AuditArchive;
import dev.sallyport.auth.audit.AuditKeeper;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.export.Exporters;
import dev.sallyport.auth.join.HostIssuer;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.HostState;
import dev.sallyport.auth.state.Keeping;
import dev.sallyport.auth.state.PreferenceState;
import dev.sallyport.auth.state.Presets;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.auth.watch.WatchService;
import dev.sallyport.diagnostics.Component;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.PrivateFile;
import dev.sallyport.pki.SelfTest;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The authority of a cluster: keeps its state and keys, and answers the control API.
///
/// Started by the launcher; the first start makes the cluster, each start writes the
/// administrator's identity anew. Closed by its owner, in the reverse order of starting.
public final class AuthService implements Component, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuthService.class);

  private final Deque<AutoCloseable> open;
  private final AuthServer server;
  private final Authorities authorities;
  private final HostIssuer hosts;
  private final Node node;
  private final AuthMetrics metrics;

  private AuthService(
      Deque<AutoCloseable> open,
      AuthServer server,
      Authorities authorities,
      HostIssuer hosts,
      Node node,
      AuthMetrics metrics) {
    this.metrics = metrics;
    this.open = open;
    this.server = server;
    this.authorities = authorities;
    this.hosts = hosts;
    this.node = node;
  }

  /// Starts the service and listens.
  ///
  /// @throws IOException if a file can't be used or the address can't be had
  /// @throws dev.sallyport.store.StoreException if the state can't be used, or belongs to a cluster
  ///   of another name
  public static AuthService start(AuthConfig config, InstantSource clock, SecureRandom random)
      throws IOException {
    return start(config, AuthPatience.DEFAULT, clock, random);
  }

  /// Starts one that waits for its clients no longer than this; else as the one above.
  static AuthService start(
      AuthConfig config, AuthPatience patience, InstantSource clock, SecureRandom random)
      throws IOException {
    SelfTest.ecdsaZeroSignature();
    var open = new ArrayDeque<AutoCloseable>();
    try {
      return start(config, patience, clock, random, open);
    } catch (IOException | RuntimeException e) {
      closeAll(open);
      throw e;
    }
  }

  private static AuthService start(
      AuthConfig config,
      AuthPatience patience,
      InstantSource clock,
      SecureRandom random,
      Deque<AutoCloseable> open)
      throws IOException {
    var folder = new DataFolder(config.dataDir());
    PrivateFile.makeFolders(config.dataDir());
    var store = SqliteStateStore.open(folder.state(), clock);
    open.push(store);
    var generated = ClusterNames.generate(config.nodeName(), random);
    var authorities = Authorities.open(store, config.clusterName(), generated, clock, random);
    var audit = SqliteAuditStore.open(folder.audit());
    open.push(audit);
    var node = new Node(folder.hostId(), config.nodeName());
    var exporters = Exporters.of(config.audit().exports(), audit, clock, random);
    open.push(exporters);
    var records = new AuthWiring.Records(archive(audit, node.hostId(), clock, random), exporters);
    var hosts = new HostIssuer(authorities, new HostState(store), config.hosts().ttl(), clock);
    var own = OwnCertificates.issue(hosts, authorities, node, folder.adminIdentity(), clock);
    var watch = new WatchService(store);
    var parts =
        new AuthWiring(config, clock, random, store, authorities, records).parts(hosts, watch);
    open.push(parts.audit().keeper());
    keep(parts.audit().keeper(), own::listener);
    beginWith(store, config, parts.audit().trail());
    exporters.start();
    var server = AuthServer.start(config.listenAddress(), own::listener, parts, patience, clock);
    open.push(server);
    open.push(watch);
    var upkeep = new KeyUpkeep(parts.keys().rotations(), own);
    open.push(upkeep);
    upkeep.start();
    var sweeper = new Sweeper(store);
    open.push(sweeper);
    sweeper.start();
    LOG.atInfo()
        .addKeyValue("cluster", authorities.clusterName())
        .addKeyValue("port", server.port())
        .log("Auth Service listens");
    var metrics =
        new AuthMetrics(store, parts.audit().keeper(), parts.audit().trail().notices().counted());
    return new AuthService(open, server, authorities, hosts, node, metrics);
  }

  /// Makes what every cluster has and what the config file says, before anybody is served.
  private static void beginWith(StateStore store, AuthConfig config, AuditTrail trail) {
    Keeping kept =
        (write, before, after) -> {
          var _ = trail.commit(List.of(write), trail.writtenByItself(before, after));
        };
    Presets.create(store, kept);
    PreferenceState.start(store, config.preference(), kept);
    warnOfPasswordsAlone(new PreferenceState(new ResourceState(store)).current());
  }

  private static void warnOfPasswordsAlone(AuthPreference preference) {
    if (preference.secondFactors().allowed().isEmpty()) {
      LOG.atWarn()
          .log(
              "a password alone is enough to sign in: set second_factors under"
                  + " auth_service.authentication to [webauthn, otp], which asks everybody for a"
                  + " second factor");
    }
  }

  private static AuditArchive archive(
      AuditStore store, String hostId, InstantSource clock, SecureRandom random)
      throws IOException {
    try {
      return AuditArchive.open(store, hostId, clock, random);
    } catch (AuditUnavailable e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static void keep(AuditKeeper keeper, Supplier<TlsIdentity> own) throws IOException {
    try {
      keeper.start(own);
    } catch (AuditUnavailable e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public boolean healthy() {
    return metrics.healthy();
  }

  @Override
  public void measure(MetricText out) {
    metrics.measure(out);
  }

  /// The port it listens on.
  public int boundPort() {
    return server.port();
  }

  /// The cluster's name.
  public String clusterName() {
    return authorities.clusterName();
  }

  /// What the cluster trusts now.
  public TrustBundle trust() {
    return authorities.trust();
  }

  /// An identity for a Proxy or Database Service in this very process: they need no token.
  ///
  /// @param extraNames DNS names and addresses under which clients reach it
  public LocalHost localHostIdentity(SystemRole role, Set<String> extraNames) {
    if (role != SystemRole.PROXY && role != SystemRole.DB) {
      throw new IllegalArgumentException(
          "local identity: " + role.wireName() + " (expected: Proxy or Db)");
    }
    var dnsNames = new HashSet<String>();
    var addresses = new HashSet<InetAddress>();
    for (var name : extraNames) {
      try {
        addresses.add(InetAddress.ofLiteral(name));
      } catch (IllegalArgumentException e) {
        dnsNames.add(name);
      }
    }
    var identity = hosts.local(node.as(authorities, role), node.name(), dnsNames, addresses);
    return new LocalHost(identity, node.hostId(), authorities::trust);
  }

  /// Ends all streams, stops listening, closes log and state.
  @Override
  public void close() {
    closeAll(open);
  }

  private static void closeAll(Deque<AutoCloseable> open) {
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("a part did not close");
      }
    }
  }

  /// This host.
  record Node(String hostId, String name) {
    HostIdentity as(Authorities authorities, SystemRole role) {
      return new HostIdentity(authorities.clusterName(), hostId, role);
    }
  }
}
