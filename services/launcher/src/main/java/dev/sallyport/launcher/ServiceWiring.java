package dev.sallyport.launcher;

import dev.sallyport.agent.AgentConfig;
import dev.sallyport.agent.AgentService;
import dev.sallyport.auth.AuthConfig;
import dev.sallyport.auth.AuthService;
import dev.sallyport.auth.join.HostIssuer;
import dev.sallyport.control.AuthJoin;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.host.HostFolder;
import dev.sallyport.control.host.HostMembership;
import dev.sallyport.control.host.JoinProof;
import dev.sallyport.control.host.Joiner;
import dev.sallyport.diagnostics.Component;
import dev.sallyport.diagnostics.Diagnostics;
import dev.sallyport.diagnostics.ServiceName;
import dev.sallyport.model.Database;
import dev.sallyport.model.HostPort;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProductVersion;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaPin;
import dev.sallyport.proxy.ProxyConfig;
import dev.sallyport.proxy.ProxyService;
import dev.sallyport.proxy.ProxyStartException;
import dev.sallyport.resources.config.AuthSection;
import dev.sallyport.resources.config.DbSection;
import dev.sallyport.resources.config.ProxySection;
import dev.sallyport.resources.config.TeleportFile;
import dev.sallyport.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The services of one process, wired in the order of the data's way, Auth → Proxy → Database
/// Service, and closed backwards. Each says on the output where it listens, once it does.
final class ServiceWiring implements AutoCloseable {
  /// In the data folder: where the Proxy listens, as `host:port`, for those on this machine.
  static final String PROXY_ADDRESS_FILE = "proxy.addr";

  private static final Logger log = LoggerFactory.getLogger(ServiceWiring.class);
  private static final String ALONE =
      "proxy_service: without auth_service in the same file it needs teleport.auth_server, the"
          + " address of the Auth Service, such as auth.example.com:3025";
  private static final Duration FOREVER = Duration.ofDays(365);

  private final TeleportFile file;
  private final Surroundings around;
  private final String nodeName;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private Optional<Diagnostics> diagnostics = Optional.empty();
  private Optional<AgentService> agent = Optional.empty();
  private Optional<ProxyService> proxy = Optional.empty();

  private ServiceWiring(TeleportFile file, Surroundings around) {
    this.file = file;
    this.around = around;
    this.nodeName = file.teleport().nodename().orElseGet(NodeName::ofThisMachine);
  }

  /// Starts the services; they listen when this returns.
  static ServiceWiring start(TeleportFile file, ServiceSet services, Surroundings around)
      throws StartFailure, InterruptedException {
    var wiring = new ServiceWiring(file, around);
    try {
      wiring.wire(services);
      return wiring;
    } catch (StartFailure | InterruptedException | RuntimeException e) {
      wiring.close();
      throw e;
    }
  }

  private void wire(ServiceSet services) throws StartFailure, InterruptedException {
    diagnose(services);
    switch (services) {
      case AUTH -> auth(file.auth().orElseThrow(), Optional.empty());
      case PROXY -> remoteProxy(file.proxy().orElseThrow());
      case DATABASES -> remoteAgent(file.db().orElseThrow());
      case CLUSTER, CLUSTER_WITH_DATABASES -> cluster(file.proxy().orElseThrow());
    }
  }

  private void cluster(ProxySection section) throws StartFailure, InterruptedException {
    var listen = ListenAddresses.withPort(section.webListenAddr());
    var shown = ListenAddresses.shown(section.publicAddrs(), listen);
    var auth = auth(file.auth().orElseThrow(), Optional.of(shown));
    var proxyPort = localProxy(section, listen, auth);
    if (file.db().isPresent()) {
      localAgent(file.db().orElseThrow(), auth, listen, proxyPort);
    }
  }

  /// Before anything else, since it tells how the rest comes up.
  private void diagnose(ServiceSet services) throws StartFailure {
    var address = file.teleport().diagAddr();
    if (address.isPresent()) {
      var listening = DiagnosticsSetup.listen(address.get(), services);
      opened.push(listening);
      diagnostics = Optional.of(listening);
      ready(
          "DIAG",
          "listening on " + new HostPort(address.get().host(), listening.address().getPort()));
    }
  }

  private void opened(ServiceName name, Component service, AutoCloseable closing) {
    opened.push(closing);
    diagnostics.ifPresent(one -> one.add(name, service));
  }

  private AuthService auth(AuthSection section, Optional<HostPort> proxy) throws StartFailure {
    var listen = section.listenAddr();
    try {
      var config =
          new AuthConfig(
              file.teleport().dataDir(),
              section.clusterName(),
              ListenAddresses.socket(listen),
              proxy.map(HostPort::toString),
              nodeName,
              section.tokens().stream().map(ServiceWiring::token).toList(),
              section.authentication(),
              section.breachedPasswords(),
              AuditConfig.auth(section.audit(), file.teleport().dataDir(), nodeName, around),
              ProductVersion.NUMBER,
              new AuthConfig.Hosts(
                  section.hostCertTtl().orElse(HostIssuer.USUAL_TTL),
                  section.ec2Certificates(),
                  around.env()));
      var auth = AuthService.start(config, around.clock(), new SecureRandom());
      opened(ServiceName.AUTH, auth, auth);
      ready("AUTH", "listening on " + new HostPort(listen.host(), auth.boundPort()));
      return auth;
    } catch (IOException e) {
      if (isTaken(e)) {
        throw new StartFailure(
            "the Auth Service can't listen on "
                + listen
                + " (auth_service.listen_addr): the address is taken or not this machine's",
            e);
      }
      throw new StartFailure("the Auth Service can't start: " + e.getMessage(), e);
    } catch (StoreException | UncheckedIOException | IllegalArgumentException e) {
      throw new StartFailure("the Auth Service can't start: " + e.getMessage(), e);
    }
  }

  private static ProvisionToken token(AuthSection.StaticToken token) {
    return new ProvisionToken(
        Metadata.named(token.token().read()),
        token.roles(),
        JoinTerms.SECRET,
        List.of(ProvisionToken.ANY_DATABASE),
        Map.of());
  }

  private static boolean isTaken(@Nullable Throwable e) {
    return e != null && (e instanceof BindException || isTaken(e.getCause()));
  }

  /// In the process of Auth: a host of the cluster without a token.
  private int localProxy(ProxySection section, HostPort listen, AuthService auth)
      throws StartFailure, InterruptedException {
    var names = new HashSet<String>();
    names.add("localhost");
    section.publicAddrs().forEach(one -> names.add(one.host().toLowerCase(Locale.ROOT)));
    var me = auth.localHostIdentity(SystemRole.PROXY, names);
    var authAddress =
        ListenAddresses.reachable(file.auth().orElseThrow().listenAddr(), auth.boundPort());
    return proxy(
        section,
        listen,
        authAddress,
        new HostMembership(me.hostId(), me.identity(), me.trust().get()),
        Optional.empty());
  }

  /// On a host of its own: joins by token, at Auth itself.
  private void remoteProxy(ProxySection section) throws StartFailure, InterruptedException {
    var server = file.teleport().authServer().orElseThrow(() -> new StartFailure(ALONE));
    var folder =
        new HostFolder(
            file.teleport().dataDir().resolve("proxy"), SystemRole.PROXY, around.clock());
    var listen = ListenAddresses.withPort(section.webListenAddr());
    try {
      var known = folder.load();
      var me = known.isPresent() ? known.get() : joined(server, folder);
      proxy(section, listen, ListenAddresses.socket(server), me, Optional.of(folder));
    } catch (IOException e) {
      throw new StartFailure("the Proxy Service can't start: " + e.getMessage(), e);
    }
  }

  private HostMembership joined(HostPort server, HostFolder folder)
      throws StartFailure, IOException, InterruptedException {
    var proof =
        proof(List.of())
            .orElseThrow(() ->
                new StartFailure(
                    "the Proxy Service has not joined a cluster yet and has no auth_token; make"
                        + " one on the Auth host with 'tctl tokens add --type=proxy'"));
    var pins = pins();
    if (pins.isEmpty()) {
      throw new StartFailure(
          "the Proxy Service has no ca_pin, by which it would know the Auth Service: set"
              + " teleport.ca_pin to what 'tctl status' prints on the Auth host");
    }
    var endpoint = new ControlEndpoint(server.host(), server.port());
    var random = new SecureRandom();
    var joiner =
        new Joiner(
            new Joiner.Candidate(SystemRole.PROXY, nodeName),
            keys -> new AuthJoin(endpoint, keys, pins, around.clock(), random),
            proof,
            pins,
            around.clock(),
            random);
    // Ends by an interrupt alone, which is how the process is told to stop.
    var me = joiner.join(folder.lastHostId(), new CountDownLatch(1)).orElseThrow();
    folder.save(me);
    log.atInfo()
        .addKeyValue("cluster", me.clusterName())
        .addKeyValue("hostId", me.hostId())
        .log("The Proxy joined the cluster");
    return me;
  }

  private int proxy(
      ProxySection section,
      HostPort listen,
      InetSocketAddress auth,
      HostMembership me,
      Optional<HostFolder> folder)
      throws StartFailure, InterruptedException {
    var config =
        new ProxyConfig(
            ListenAddresses.socket(listen),
            section.publicAddrs().stream().map(HostPort::toString).toList(),
            section.httpsKeypairs().stream()
                .map(pair -> new ProxyConfig.HttpsKeypair(pair.keyFile(), pair.certFile()))
                .toList(),
            new ProxyConfig.Edge(section.reloadEvery(), section.balancers()),
            file.teleport().dataDir(),
            auth,
            file.teleport().maxConnections(),
            ProductVersion.NUMBER);
    try {
      var proxy = ProxyService.start(config, me, folder, around.clock());
      opened(ServiceName.PROXY, proxy, proxy);
      this.proxy = Optional.of(proxy);
      var bound = new HostPort(listen.host(), proxy.boundPort());
      writeAddress(file.teleport().dataDir().resolve(PROXY_ADDRESS_FILE), bound);
      ready("PROXY", "listening on " + bound);
      return proxy.boundPort();
    } catch (ProxyStartException e) {
      throw new StartFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void writeAddress(Path file, HostPort bound) throws StartFailure {
    try {
      Files.writeString(file, bound + "\n");
    } catch (IOException e) {
      throw new StartFailure("can't write " + file + ": " + e.getMessage(), e);
    }
  }

  /// In the process of Auth and Proxy: a host of the cluster without a token.
  private void localAgent(DbSection section, AuthService auth, HostPort listen, int proxyPort)
      throws StartFailure {
    var me = auth.localHostIdentity(SystemRole.DB, Set.of());
    var authAddress =
        ListenAddresses.reachable(file.auth().orElseThrow().listenAddr(), auth.boundPort());
    var proxyAddress = ListenAddresses.reachable(listen, proxyPort);
    agent(
        agentConfig(
            section,
            new ControlEndpoint(proxyAddress.getHostString(), proxyPort),
            Optional.of(new ControlEndpoint(authAddress.getHostString(), authAddress.getPort())),
            Set.of()),
        Optional.of(new HostMembership(me.hostId(), me.identity(), me.trust().get())));
  }

  /// On a host of its own: joins by token, through the Proxy.
  private void remoteAgent(DbSection section) throws StartFailure {
    var proxy =
        file.teleport()
            .proxyServer()
            .orElseThrow(
                () -> new StartFailure("db_service: set teleport.proxy_server to join a cluster"));
    agent(
        agentConfig(
            section, new ControlEndpoint(proxy.host(), proxy.port()), Optional.empty(), pins()),
        Optional.empty());
  }

  private Set<CaPin> pins() throws StartFailure {
    try {
      return file.teleport().caPins().read().stream()
          .map(CaPin::parse)
          .collect(Collectors.toUnmodifiableSet());
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw new StartFailure("teleport.ca_pin: " + e.getMessage(), e);
    }
  }

  private Optional<JoinProof> proof(List<Database> databases) throws StartFailure {
    try {
      return JoinSetup.proof(file.teleport().join(), databases, around);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new StartFailure("teleport.join_params: " + e.getMessage(), e);
    }
  }

  private AgentConfig agentConfig(
      DbSection section, ControlEndpoint proxy, Optional<ControlEndpoint> auth, Set<CaPin> pins)
      throws StartFailure {
    return new AgentConfig(
        file.teleport().dataDir(),
        nodeName,
        ProductVersion.NUMBER,
        proxy,
        auth,
        proof(section.databases()),
        pins,
        section.databases(),
        section.matchers(),
        LimitsConfig.agent(section.limits()),
        AuditConfig.journal(section.audit()),
        AuditConfig.recording(section.audit()));
  }

  private void agent(AgentConfig config, Optional<HostMembership> membership) throws StartFailure {
    try {
      var started = AgentService.start(config, membership, around.env(), around.clock());
      agent = Optional.of(started);
      opened(ServiceName.DB, started, started);
      Thread.ofVirtual()
          .name("sallyport-ready")
          .start(() -> tellWhenReady(started, config.proxy()));
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailure("the Database Service can't start: " + e.getMessage(), e);
    }
  }

  private void tellWhenReady(AgentService agent, ControlEndpoint proxy) {
    try {
      if (agent.awaitReady(FOREVER)) {
        var names = String.join(", ", agent.databases());
        ready(
            "DB", "serving " + (names.isEmpty() ? "no database yet" : names) + " through " + proxy);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether a Database Service runs here.
  boolean hasAgent() {
    return agent.isPresent();
  }

  /// Has the Proxy Service, if there is one, read the files of its certificates again.
  ///
  /// @return whether it shows others now
  boolean reloadCertificates() {
    return proxy.map(ProxyService::reloadCertificates).orElse(false);
  }

  /// Has the Database Service serve these databases instead of the present ones.
  ///
  /// @return what is different then, for the log
  /// @throws IllegalArgumentException if one of them makes no sense, and then nothing is changed
  List<String> replaceDatabases(List<Database> databases) {
    var plan = agent.orElseThrow().replaceDatabases(databases);
    var changes = new ArrayList<String>();
    plan.added().forEach(name -> changes.add("added " + name));
    plan.changed().forEach(name -> changes.add("changed " + name));
    plan.removed().forEach(name -> changes.add("removed " + name));
    return changes;
  }

  /// Whether what does the work of the services does it: event loops, and virtual threads.
  boolean answers(Duration within) throws InterruptedException {
    return VirtualThreadPulse.beats(within)
        && (proxy.isEmpty() || proxy.get().answers(within))
        && (agent.isEmpty() || agent.get().answers(within));
  }

  private void ready(String service, String what) {
    around.out().println("[" + service + "] Service is " + what);
    around.out().flush();
  }

  /// Closes backwards; each service bounds how long it takes.
  @Override
  public void close() {
    // A pending interrupt is what ended the wait; closing must not be cut short by it.
    boolean interrupted = Thread.interrupted();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        log.atWarn().setCause(e).log("a service did not close cleanly");
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
