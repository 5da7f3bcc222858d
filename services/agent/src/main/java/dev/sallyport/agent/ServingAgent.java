package dev.sallyport.agent;

import dev.sallyport.agent.cluster.AgentState;
import dev.sallyport.agent.cluster.AuditKey;
import dev.sallyport.agent.cluster.Heartbeats;
import dev.sallyport.agent.health.HealthChecks;
import dev.sallyport.agent.http.BodyBudget;
import dev.sallyport.agent.labels.CommandLabels;
import dev.sallyport.agent.record.AgentVoice;
import dev.sallyport.agent.record.AuthDelivery;
import dev.sallyport.agent.record.EventIds;
import dev.sallyport.agent.session.BodyRecorder;
import dev.sallyport.agent.session.DataPath;
import dev.sallyport.agent.session.DatabaseSessions;
import dev.sallyport.agent.session.Records;
import dev.sallyport.agent.session.RequestMeter;
import dev.sallyport.agent.session.RoundIntents;
import dev.sallyport.agent.session.Seats;
import dev.sallyport.agent.session.SessionDoor;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.audit.journal.AgentJournal;
import dev.sallyport.control.ClusterView;
import dev.sallyport.control.ClusterWatcher;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.control.HealthReport;
import dev.sallyport.control.HostCertificate;
import dev.sallyport.control.Way;
import dev.sallyport.control.host.HostMembership;
import dev.sallyport.control.host.MembershipKeeper;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.dynamodb.Endpoint;
import dev.sallyport.model.Database;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Kind;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.model.SystemRole;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.tunnel.HelloMessage;
import dev.sallyport.net.tunnel.TunnelClient;
import dev.sallyport.net.tunnel.TunnelDialer;
import dev.sallyport.net.tunnel.TunnelEvents;
import dev.sallyport.net.tunnel.TunnelException;
import dev.sallyport.pki.IdentityBound;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.resources.ResourceJson;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// An agent that is a member of its cluster: every part that this takes, wired in the order of the
/// data path, started from the inside out and closed from the outside in.
final class ServingAgent implements AutoCloseable, TunnelEvents {
  private static final Logger LOG = LoggerFactory.getLogger(ServingAgent.class);
  private static final Duration AUDIT_PATIENCE = Duration.ofSeconds(3);

  private final Surroundings around;
  private final HostMembership membership;
  private final AuditKey auditKey;
  private final HostCertificate certificate;
  private final ControlClient control;
  private final ClusterView view;
  private final ClusterWatcher watcher;
  private final MembershipKeeper keeper;
  private final SecureRandom random = new SecureRandom();
  private final EventIds ids = new EventIds(random);
  private final AgentJournal journal;
  private final DatabaseSessions sessions;
  private final SessionDoor door;
  private final CommandLabels labels;
  private final HealthChecks health;
  private final Heartbeats heartbeats;
  private final TunnelClient tunnel;
  private final CountDownLatch parked = new CountDownLatch(1);
  private final AtomicBoolean tunnelLost = new AtomicBoolean(true);
  private final AtomicBoolean watchLost = new AtomicBoolean();
  private final RequestMeter meter = new RequestMeter();
  private final BodyBudget bodies;
  private final AgentMetrics metrics;
  private boolean opened;

  /// What the service lends to the agent.
  record Surroundings(
      AgentConfig config,
      AgentState state,
      Way route,
      InstantSource clock,
      NetRuntime runtime,
      AwsSide aws,
      Executor blocking) {}

  private ServingAgent(Surroundings around, HostMembership membership, AuditKey auditKey)
      throws IOException {
    this.around = around;
    this.membership = membership;
    this.auditKey = auditKey;
    var config = around.config();
    var clock = around.clock();
    var cluster = membership.clusterName();
    view = new ClusterView(membership.trust(), clock);
    var verifier = new IdentityVerifier(view::trust, clock);
    certificate =
        new HostCertificate(
            new HostIdentity(cluster, membership.hostId(), SystemRole.DB),
            membership.shown(),
            clock,
            random);
    control =
        new ControlClient(
            config.auth().map(Way::straight).orElse(around.route()),
            certificate::client,
            verifier,
            cluster);
    watcher =
        new ClusterWatcher(
            view, () -> control, watched(config), lost -> watchLost(lost.reason()), random);
    journal =
        AgentJournal.open(
            around.state().folder().resolve("journal"),
            config.audit(),
            new AgentVoice(membership.hostId(), cluster, certificate::client, ids, clock),
            new AuthDelivery(control),
            random);
    var limits = config.limits();
    bodies = new BodyBudget(limits.bodyBytes(), limits.bodyBytesOfUser(), limits.bodyPatience());
    labels = new CommandLabels(around.aws().databases().all(), this::announceAgain);
    var records = records();
    sessions = new DatabaseSessions(records, () -> view.preference().sessions().idle().message());
    door = new SessionDoor(dataPath(records), innerTls(verifier));
    health = new HealthChecks(endpoints(), clock, this::announceAgain);
    heartbeats = new Heartbeats(control, this::heartbeat, this::heard, random);
    tunnel = tunnel(verifier);
    metrics =
        new AgentMetrics(
            meter,
            bodies,
            journal,
            around.state().folder().resolve("journal"),
            door::connections,
            tunnel::parked);
    keeper = new MembershipKeeper(around.state().host(), membership, view).follow(certificate);
    certificate.whenChanged(this::certificateChanged);
  }

  private static Set<Kind> watched(AgentConfig config) {
    var kinds =
        EnumSet.of(
            Kind.ROLE, Kind.USER, Kind.LOCK, Kind.CLUSTER_AUTH_PREFERENCE, Kind.CERT_AUTHORITY);
    if (!config.matchers().isEmpty()) {
      kinds.add(Kind.DB);
    }
    return kinds;
  }

  /// @throws IOException if the audit journal cannot be used
  static ServingAgent start(Surroundings around, HostMembership membership, AuditKey auditKey)
      throws IOException {
    var agent = new ServingAgent(around, membership, auditKey);
    agent.journal.start();
    agent.watcher.start();
    agent.certificate.start(agent.control, agent.view, agent.keeper);
    agent.labels.start();
    agent.heartbeats.start();
    agent.health.start();
    agent.open();
    return agent;
  }

  /// Lets requests in, once they can be recorded.
  private synchronized void open() {
    if (!opened && auditKey.isKnown()) {
      opened = true;
      tunnel.start();
    }
  }

  private Records records() {
    return new Records(
        journal,
        new RoundIntents(journal),
        journal,
        ids,
        new BodyRecorder(auditKey, around.config().recording()),
        around.clock(),
        membership.hostId(),
        membership.clusterName());
  }

  private DataPath dataPath(Records records) {
    return new DataPath(
        around.clock(),
        bodies,
        around.config().limits().reader(),
        new ViewFacts(view, labels),
        sessions,
        records,
        meter,
        new Seats(around.config().limits().connections()),
        around.aws().credentials(),
        around.aws().databases(),
        around.aws().signer(),
        around.aws().upstream(),
        around.blocking());
  }

  private Supplier<SslContext> innerTls(IdentityVerifier verifier) {
    return new IdentityBound<>(
        certificate::server,
        identity ->
            TlsContexts.server(
                identity,
                Optional.of(PeerTrust.users(verifier)),
                List.of(Alpn.INNER),
                around.runtime().tls()));
  }

  private TunnelClient tunnel(IdentityVerifier verifier) {
    var config = around.config();
    var context =
        new IdentityBound<>(
            certificate::client,
            identity ->
                TlsContexts.client(
                    Optional.of(identity),
                    PeerTrust.server(
                        verifier, SystemRole.PROXY, "proxy." + membership.clusterName()),
                    List.of(Alpn.REVERSE_TUNNEL),
                    around.runtime().tls()));
    var settings =
        new TunnelClient.Settings(
            () -> {
              var proxy = around.route().now();
              return new TunnelDialer.Address(proxy.host(), proxy.port());
            },
            new HelloMessage(membership.hostId(), config.version()).encoded(),
            config.limits().tunnelMin(),
            config.limits().tunnelMax());
    return new TunnelClient(
        around.runtime(), context, settings, door, this, TunnelClient.Policy.standard(random));
  }

  private DatabaseHeartbeat heartbeat() {
    var config = around.config();
    return new DatabaseHeartbeat(
        config.nodeName(),
        config.version(),
        labels.all().stream().<JsonNode>map(ResourceJson::toJson).toList(),
        certificate.reached().map(RotationPhase::wireName),
        Optional.of(labels.all().stream().map(Database::name).flatMap(this::health).toList()));
  }

  private Stream<HealthReport> health(String database) {
    return health
        .of(database)
        .map(known ->
            new HealthReport(
                database,
                known.address(),
                known.status().word(),
                known.reason().word(),
                known.since(),
                known.error()))
        .stream();
  }

  /// Those that health is told of: DynamoDB's and Streams'.
  private Map<String, List<Endpoint>> endpoints() {
    var served = around.aws().databases();
    return served.all().stream()
        .collect(
            Collectors.toMap(
                Database::name,
                database ->
                    Stream.of(AwsService.DYNAMODB, AwsService.STREAMS)
                        .map(service -> served.destination(database.name(), service).endpoint())
                        .toList()));
  }

  private void announceAgain() {
    heartbeats.wake();
  }

  /// Serves what a plan says from now on; waits for the first values of new labels.
  void serve(ServedDatabases.Plan plan) {
    labels.replace(plan.after());
    around.aws().databases().follow(plan);
    health.replace(endpoints());
    heartbeats.wake();
  }

  /// The databases that were created in the cluster, whoever serves them.
  List<Database> clusterDatabases() {
    return view.databases();
  }

  void whenClusterDatabasesChange(Runnable listener) {
    view.whenDatabasesChange(listener);
  }

  private void watchLost(String reason) {
    if (watchLost.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("reason", reason)
          .log(
              "The stream of changes from Auth was lost; locking_mode says what becomes of"
                  + " requests");
    }
    heartbeats.wake();
  }

  /// Auth took a heartbeat: takes its key of now.
  private void heard() {
    auditKey.confirm(control::auditKey);
    open();
    if (watchLost.compareAndSet(true, false)) {
      LOG.atInfo().log("Auth is there again");
    }
  }

  /// Open connections of users go on; all others are replaced before the old certificate may end.
  private void certificateChanged() {
    watcher.moveOver();
    tunnel.refresh();
    heartbeats.wake();
  }

  @Override
  public void parked(byte[] answer) {
    parked.countDown();
    if (tunnelLost.compareAndSet(true, false)) {
      LOG.atInfo()
          .addKeyValue("proxy", around.config().proxy())
          .log("The tunnel to the Proxy is up");
      heartbeats.wake();
    }
  }

  @Override
  public void lost(Throwable cause) {
    if (cause instanceof SSLException || cause instanceof TunnelException) {
      around.blocking().execute(around.route()::lookAgain);
    }
    if (tunnelLost.compareAndSet(false, true)) {
      LOG.atWarn()
          .addKeyValue("proxy", around.config().proxy())
          .addKeyValue("cause", cause.toString())
          .log("The tunnel to the Proxy was lost");
    }
  }

  boolean awaitReady(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    return view.awaitSynced(limit)
        && heartbeats.awaitAnnounced(left(end))
        && parked.await(left(end).toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Whether it is in sight of the cluster and of a Proxy, and can keep records.
  boolean healthy() {
    metrics.look();
    return parked.getCount() == 0
        && (tunnel.parked() > 0 || !tunnelLost.get())
        && view.fresh(around.clock().instant())
        && journal.stats().writable();
  }

  void measure(MetricText out) {
    metrics.measure(out);
  }

  private static Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
  }

  @Override
  public void close() {
    labels.close();
    health.close();
    heartbeats.close();
    synchronized (this) {
      opened = true;
    }
    tunnel.close();
    var _ = door.drain();
    if (!door.awaitEmpty(around.config().limits().drain())) {
      LOG.atWarn().addKeyValue("connections", door.connections()).log("Connections are cut off");
    }
    sessions.close();
    journal.close(AUDIT_PATIENCE);
    certificate.close();
    watcher.close();
    control.close();
  }
}
