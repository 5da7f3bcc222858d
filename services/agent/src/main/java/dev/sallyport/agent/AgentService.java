package dev.sallyport.agent;

import dev.sallyport.agent.aws.DatabaseEndpoints;
import dev.sallyport.agent.cluster.AgentState;
import dev.sallyport.agent.cluster.AuditKey;
import dev.sallyport.agent.registration.ClusterDatabases;
import dev.sallyport.agent.registration.DatabaseRoster;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.aws.AwsSettings;
import dev.sallyport.control.WebClient;
import dev.sallyport.control.host.HostMembership;
import dev.sallyport.control.host.Joiner;
import dev.sallyport.control.route.ProxyRoute;
import dev.sallyport.control.route.UpgradeWish;
import dev.sallyport.diagnostics.Component;
import dev.sallyport.diagnostics.MetricText;
import dev.sallyport.model.Database;
import dev.sallyport.model.SystemRole;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Database Service: joins the cluster if it has not yet, parks connections at the Proxy, and
/// serves its databases to whom the cluster's roles allow them.
///
/// [#start] checks the configuration and returns; whatever needs the network goes on in the
/// background and is tried until it works. Whoever starts it closes it.
public final class AgentService implements Component, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AgentService.class);

  private final DatabaseEndpoints endpoints;
  private final AgentConfig config;
  private final InstantSource clock;
  private final AgentState state;
  private final ProxyRoute route;
  private final ExecutorService blocking;
  private final NetRuntime runtime;
  private final AwsSide aws;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CompletableFuture<ServingAgent> serving = new CompletableFuture<>();
  private final DatabaseRoster roster;
  private final ClusterDatabases following = new ClusterDatabases(this::followCluster);
  private List<Database> ofFile;

  private AgentService(AgentConfig config, Map<String, String> env, InstantSource clock)
      throws IOException {
    this.endpoints = new DatabaseEndpoints(AwsSettings.of(env));
    this.config = config.withDatabases(endpoints.complete(config.databases()));
    this.clock = clock;
    this.state = new AgentState(config.dataDir().resolve("agent"), clock);
    this.route = new ProxyRoute(config.proxy(), UpgradeWish.of(env), System::nanoTime);
    this.blocking =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("sallyport-agent-", 0).factory());
    this.runtime = new NetRuntime("agent", config.limits().threads(), TlsProvider.best());
    this.aws =
        AwsSide.of(
            endpoints,
            this.config.databases(),
            config.limits().upstream(),
            runtime,
            clock,
            blocking);
    this.ofFile = this.config.databases();
    this.roster = new DatabaseRoster(config.matchers(), this::completed);
  }

  private Database completed(Database database) {
    var complete = endpoints.complete(List.of(database)).getFirst();
    aws.databases().check(complete);
    return complete;
  }

  /// Starts an agent.
  ///
  /// @param membership of a process that is also Auth; else the one on disk counts, else it joins
  /// @param env the environment: standard AWS variables, `SSL_CERT_FILE`, `SSL_CERT_DIR`, and
  ///   [UpgradeWish#VARIABLE]
  /// @throws IOException if the state folder or a file that the environment names cannot be used
  /// @throws IllegalArgumentException if there is neither a membership nor a token, or a setting
  ///   makes no sense
  public static AgentService start(
      AgentConfig config,
      Optional<HostMembership> membership,
      Map<String, String> env,
      InstantSource clock)
      throws IOException {
    var service = new AgentService(config, env, clock);
    try {
      service.begin(membership, env);
    } catch (IOException | RuntimeException e) {
      service.close();
      throw e;
    }
    return service;
  }

  private void begin(Optional<HostMembership> given, Map<String, String> env) throws IOException {
    var auditKey = AuditKey.open(state);
    blocking.execute(aws::check);
    var known = given.isPresent() ? given : state.host().load();
    if (known.isPresent()) {
      serve(known.get(), auditKey);
      return;
    }
    var joiner = joiner(env);
    var hostId = state.host().lastHostId();
    blocking.execute(() -> {
      try {
        var joined = joiner.join(hostId, stop);
        if (joined.isPresent()) {
          state.host().save(joined.get());
          LOG.atInfo()
              .addKeyValue("cluster", joined.get().clusterName())
              .addKeyValue("hostId", joined.get().hostId())
              .log("The agent joined the cluster");
          serve(joined.get(), auditKey);
        }
      } catch (IOException | RuntimeException e) {
        LOG.atError().setCause(e).log("The agent cannot start to serve");
        serving.completeExceptionally(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
  }

  private Joiner joiner(Map<String, String> env) throws IOException {
    var proof =
        config
            .proof()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the agent has not joined a cluster yet and has no auth_token; make one"
                        + " with 'tctl tokens add --type=db'"));
    var proxy = config.proxy();
    var trust =
        config.caPins().isEmpty()
            ? PeerTrust.web(SystemTrust.load(env), Optional.empty(), proxy.host())
            : PeerTrust.pinnedProxy(config.caPins(), clock);
    return new Joiner(
        new Joiner.Candidate(SystemRole.DB, config.nodeName()),
        _ -> new WebClient(proxy.uri(), trust),
        proof,
        config.caPins(),
        clock,
        new SecureRandom());
  }

  private synchronized void serve(HostMembership membership, AuditKey auditKey) throws IOException {
    if (stop.getCount() > 0) {
      var context =
          new ServingAgent.Surroundings(config, state, route, clock, runtime, aws, blocking);
      var agent = ServingAgent.start(context, membership, auditKey);
      serving.complete(agent);
      if (!config.matchers().isEmpty()) {
        agent.whenClusterDatabasesChange(following::wake);
        following.start();
      }
    }
  }

  /// Waits until the agent serves: joined, in sight of the cluster, announced, and with a parked
  /// connection.
  ///
  /// @return whether it does, in that time
  public boolean awaitReady(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    try {
      var agent = serving.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return agent.awaitReady(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
    } catch (TimeoutException | ExecutionException e) {
      return false;
    }
  }

  /// Serves these databases instead of the present ones. What stays the same is not disturbed;
  /// connections to what is changed or gone end with their next request. Waits for the first values
  /// of new labels.
  ///
  /// @return what is different then
  /// @throws IllegalArgumentException if one of them makes no sense, and then nothing is changed
  public synchronized ServedDatabases.Plan replaceDatabases(List<Database> databases) {
    var wanted = config.withDatabases(endpoints.complete(databases)).databases();
    var plan = serve(roll(wanted).databases());
    ofFile = wanted;
    // Tells of databases of the cluster that those of the file stand against now.
    following.wake();
    return plan;
  }

  private DatabaseRoster.Roll roll(List<Database> file) {
    return roster.roll(file, now().map(ServingAgent::clusterDatabases).orElse(List.of()));
  }

  private ServedDatabases.Plan serve(List<Database> wanted) {
    var plan = aws.databases().plan(wanted);
    if (!plan.isNothing()) {
      now().ifPresentOrElse(agent -> agent.serve(plan), () -> aws.databases().follow(plan));
    }
    return plan;
  }

  private synchronized List<DatabaseRoster.Skipped> followCluster() {
    if (stop.getCount() == 0) {
      return List.of();
    }
    var roll = roll(ofFile);
    var plan = serve(roll.databases());
    if (!plan.isNothing()) {
      LOG.atInfo()
          .addKeyValue("added", plan.added())
          .addKeyValue("changed", plan.changed())
          .addKeyValue("removed", plan.removed())
          .log("The databases of the cluster that this agent serves have changed");
    }
    return roll.skipped();
  }

  /// The names of the databases that it serves now.
  public List<String> databases() {
    return aws.databases().all().stream().map(Database::name).toList();
  }

  private Optional<ServingAgent> now() {
    return serving.isDone() && !serving.isCompletedExceptionally()
        ? Optional.of(serving.join())
        : Optional.empty();
  }

  /// Whether its event loops do work within that time.
  public boolean answers(Duration within) throws InterruptedException {
    return runtime.answers(within);
  }

  @Override
  public boolean healthy() {
    return now().map(ServingAgent::healthy).orElse(false);
  }

  @Override
  public void measure(MetricText out) {
    now().ifPresent(agent -> agent.measure(out));
    aws.credentials().measure(out);
    aws.time().measure(out);
    out.gauge("sallyport_db_aws_connections", "Connections to AWS.")
        .sample(aws.upstream().connections());
  }

  /// Stops: takes the announcement back, lets answers that are under way end, closes.
  @Override
  public synchronized void close() {
    stop.countDown();
    following.close();
    var agent = serving.isCompletedExceptionally() ? null : serving.getNow(null);
    if (agent != null) {
      agent.close();
    }
    aws.close();
    blocking.shutdownNow();
    route.close();
    runtime.close();
  }
}
