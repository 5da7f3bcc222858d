package dev.sallyport.agent.session;

import static org.awaitility.Awaitility.await;

import dev.sallyport.agent.ScriptedUpstream;
import dev.sallyport.agent.aws.AwsClock;
import dev.sallyport.agent.aws.CredentialCache;
import dev.sallyport.agent.aws.CredentialOutcome;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.RoleAssumer;
import dev.sallyport.agent.aws.RoleSession;
import dev.sallyport.agent.http.BodyBudget;
import dev.sallyport.agent.http.ReaderLimits;
import dev.sallyport.agent.record.EventIds;
import dev.sallyport.agent.signing.PermittedSigner;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.agent.upstream.UpstreamClient;
import dev.sallyport.agent.upstream.UpstreamLimits;
import dev.sallyport.audit.KeyedHash;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Route;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.model.UserKind;
import dev.sallyport.net.Alpn;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.net.tunnel.OpenMessage;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.SystemTrust;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigningCredentials;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// An agent's data path on loopback: a real inner TLS, a real upstream client, a scripted AWS, and
/// a picture of the cluster that the test paints. What the tunnel does is done by a plain listener,
/// which hands each connection over as the tunnel would.
final class Stage implements AutoCloseable {
  static final String CLUSTER = "example.com";
  static final String DATABASE = "example-dynamodb";
  static final String ROLE = "Example";

  /// What a busy machine does not exceed.
  static final UpstreamLimits PATIENT =
      new UpstreamLimits(
          Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(20), 64);

  volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");
  final InstantSource clock = () -> now;
  final AwsClock time = new AwsClock(clock);
  final CertificateAuthority users =
      CertificateAuthority.create(CaKind.USER, CLUSTER, clock, new SecureRandom());
  final CertificateAuthority hosts =
      CertificateAuthority.create(CaKind.HOST, CLUSTER, clock, new SecureRandom());
  final TrustBundle trust =
      new TrustBundle(CLUSTER, List.of(users.certificate()), List.of(hosts.certificate()));
  final FakeFacts facts = new FakeFacts(trust);
  final RecordingSink sink = new RecordingSink();
  final ScriptedUpstream aws;
  final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  final NetRuntime runtime;
  final DatabaseSessions sessions;
  final BodyBudget budget = new BodyBudget(80 << 20, 40 << 20, Duration.ofMillis(300));
  final RequestMeter meter = new RequestMeter();
  final UpstreamClient upstream;
  final SessionDoor door;
  final Database database;
  final ServedDatabases databases;
  volatile RoleAssumer assumer = this::granted;
  volatile Map<String, String> told = new ConcurrentHashMap<>();
  private final Channel listener;

  Stage(
      TlsProvider tls,
      ScriptedUpstream aws,
      DatabaseTls trustOfAws,
      String scheme,
      UpstreamLimits limits,
      ConnectionLimits seats)
      throws Exception {
    this(tls, aws, trustOfAws, scheme, new Limits(limits, readerLimits(limits.answer()), seats));
  }

  /// What it holds AWS and its clients to.
  record Limits(UpstreamLimits upstream, ReaderLimits reader, ConnectionLimits seats) {}

  Stage(TlsProvider tls, ScriptedUpstream aws, DatabaseTls trustOfAws, String scheme, Limits limits)
      throws Exception {
    this.aws = aws;
    database =
        new Database(
            Metadata.named(DATABASE).withLabels(Map.of("env", "dev")),
            "dynamodb",
            Optional.of(scheme + "://localhost:" + aws.port()),
            DatabaseAws.of("us-east-1", "123456789012"),
            trustOfAws);
    databases = new ServedDatabases(List.of(database), service -> Optional.empty());
    facts.roles.put("developer", role(List.of(ROLE)));
    facts.users.put("alice", List.of("developer"));
    runtime = new NetRuntime("stage", 2, tls);
    var journal = new SinkJournal(sink);
    var records =
        new Records(
            journal,
            new RoundIntents(journal),
            sink,
            new EventIds(new SecureRandom()),
            new BodyRecorder(() -> new KeyedHash(new byte[32]), Recording.DEFAULT),
            clock,
            "host-1",
            CLUSTER);
    sessions = new DatabaseSessions(records, () -> facts.idle().message());
    upstream =
        new UpstreamClient(runtime, SystemTrust.load(Map.of()), limits.upstream(), blocking, time);
    Executor executor = blocking;
    var path =
        new DataPath(
            clock,
            budget,
            limits.reader(),
            facts,
            sessions,
            records,
            meter,
            new Seats(limits.seats()),
            new CredentialCache(clock, blocking, session -> assumer.assume(session)),
            databases,
            new PermittedSigner(databases, time),
            upstream,
            executor);
    door = new SessionDoor(path, this::innerTls);
    listener = listen();
  }

  static Stage plain(TlsProvider tls) throws Exception {
    return new Stage(
        tls, new ScriptedUpstream(), DatabaseTls.SYSTEM, "http", PATIENT, ConnectionLimits.DEFAULT);
  }

  /// AWS speaks TLS, under a name and an authority that the database names.
  static Stage verified() throws Exception {
    var authority = TestAuthority.create();
    return new Stage(
        TlsProvider.best(),
        new ScriptedUpstream(authority.server("localhost")),
        new DatabaseTls(Optional.of(Pem.encode(authority.certificate()))),
        "https",
        PATIENT,
        ConnectionLimits.DEFAULT);
  }

  /// Has room for so many.
  static Stage narrow(ConnectionLimits seats) throws Exception {
    return new Stage(
        TlsProvider.best(), new ScriptedUpstream(), DatabaseTls.SYSTEM, "http", PATIENT, seats);
  }

  /// Waits only this long for AWS, and for a client that does not read.
  static Stage impatient(Duration patience) throws Exception {
    return new Stage(
        TlsProvider.best(),
        new ScriptedUpstream(),
        DatabaseTls.SYSTEM,
        "http",
        answeringWithin(patience),
        ConnectionLimits.DEFAULT);
  }

  /// Waits only this long for what a client sends next, or takes.
  static Stage brisk(Duration patience) throws Exception {
    var usual = ReaderLimits.DEFAULT;
    var reader =
        new ReaderLimits(
            usual.headBytes(),
            usual.bodyBytes(),
            patience,
            usual.paceBytes(),
            usual.idle(),
            patience);
    return new Stage(
        TlsProvider.best(),
        new ScriptedUpstream(),
        DatabaseTls.SYSTEM,
        "http",
        new Limits(PATIENT, reader, ConnectionLimits.DEFAULT));
  }

  private static UpstreamLimits answeringWithin(Duration patience) {
    return new UpstreamLimits(PATIENT.handshake(), patience, PATIENT.idle(), PATIENT.kept());
  }

  private static ReaderLimits readerLimits(Duration patience) {
    var usual = ReaderLimits.DEFAULT;
    return new ReaderLimits(
        usual.headBytes(),
        usual.bodyBytes(),
        usual.pace(),
        usual.paceBytes(),
        usual.idle(),
        patience);
  }

  static Role role(List<String> dbUsers) {
    return role(dbUsers, RoleOptions.DEFAULT);
  }

  static Role role(List<String> dbUsers, RoleOptions options) {
    return new Role(
        Metadata.named("developer"),
        Role.CURRENT_VERSION,
        options,
        new RoleConditions(LabelSelector.ALL, dbUsers, List.of()),
        RoleConditions.NONE);
  }

  int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  CredentialOutcome granted(RoleSession session) {
    return new Ready(
        session,
        new SigningCredentials(
            "ASIATEST",
            SecretKeyBytes.of("secret"),
            Optional.of("token"),
            Optional.of(now.plus(Duration.ofHours(1)))));
  }

  /// A database certificate of Alice for the stage's database.
  TlsIdentity alice() {
    return user("alice", DATABASE, ROLE, Duration.ofHours(1));
  }

  TlsIdentity user(String name, String databaseName, String dbUser, Duration life) {
    return user(
        name,
        Optional.of(new Route(databaseName, "dynamodb", dbUser, Optional.empty(), "session-1")),
        life);
  }

  /// Alice's as [#alice], of a sign-in as the user who was made then.
  TlsIdentity aliceSince(Instant since) {
    var route = new Route(DATABASE, "dynamodb", ROLE, Optional.empty(), "session-1");
    var signIn = new SignIn("sign-in-1", Optional.of(since));
    return user("alice", Optional.of(route), Map.of(), Optional.of(signIn), Duration.ofHours(1));
  }

  /// Alice's certificate of another tunnel.
  TlsIdentity aliceIn(String session) {
    var route = new Route(DATABASE, "dynamodb", ROLE, Optional.empty(), session);
    return user("alice", Optional.of(route), Duration.ofHours(1));
  }

  TlsIdentity user(String name, Optional<Route> route, Duration life) {
    return user(name, route, Map.of(), Optional.empty(), life);
  }

  /// Alice's as [#alice], with traits.
  TlsIdentity aliceWith(Map<String, List<String>> traits) {
    var route = new Route(DATABASE, "dynamodb", ROLE, Optional.empty(), "session-1");
    return user("alice", Optional.of(route), traits, Optional.empty(), Duration.ofHours(1));
  }

  private TlsIdentity user(
      String name,
      Optional<Route> route,
      Map<String, List<String>> traits,
      Optional<SignIn> signIn,
      Duration life) {
    var keys = KeyPairs.generate();
    var identity =
        new UserIdentity(
            CLUSTER,
            name,
            List.of("developer"),
            traits,
            UserKind.HUMAN,
            Optional.empty(),
            Optional.empty(),
            route,
            signIn);
    return new TlsIdentity(
        keys.getPrivate(), List.of(users.issueUser(identity, keys.getPublic(), now.plus(life))));
  }

  TlsIdentity host(SystemRole role, String id) {
    var keys = KeyPairs.generate();
    var certificate =
        hosts.issueHost(
            new HostIdentity(CLUSTER, id, role),
            keys.getPublic(),
            Set.of(),
            Set.of(),
            now.plus(Duration.ofDays(1)));
    return new TlsIdentity(keys.getPrivate(), List.of(certificate));
  }

  RawClient connect(TlsIdentity identity) throws Exception {
    return connect(identity, Optional.empty());
  }

  /// @param open whose certificate the Proxy tells of; the same one's if empty
  RawClient connect(TlsIdentity identity, Optional<OpenMessage> open) throws Exception {
    return RawClient.connect(
        port(),
        identity,
        new IdentityVerifier(() -> trust, clock),
        open.orElse(openOf(identity)),
        this);
  }

  /// Many connections as one user.
  RawClient.Opener opener(TlsIdentity identity) throws Exception {
    var context = RawClient.context(identity, new IdentityVerifier(() -> trust, clock));
    var open = openOf(identity);
    return () -> RawClient.connect(port(), context, open, this);
  }

  OpenMessage openOf(TlsIdentity identity) throws Exception {
    return new OpenMessage("10.0.0.7:4711", DATABASE, RawClient.fingerprint(identity.leaf()));
  }

  /// What the tunnel would have brought with the next connection from this local port.
  final Map<Integer, byte[]> opens = new ConcurrentHashMap<>();

  private io.netty.handler.ssl.SslContext innerTls() {
    return TlsContexts.server(
        host(SystemRole.DB, "host-1"),
        Optional.of(PeerTrust.users(new IdentityVerifier(() -> trust, clock))),
        List.of(Alpn.INNER),
        runtime.tls());
  }

  private void handOver(Channel channel) {
    int from = ((InetSocketAddress) channel.remoteAddress()).getPort();
    await().until(() -> opens.containsKey(from));
    channel
        .eventLoop()
        .execute(() -> {
          door.accepted(channel, Objects.requireNonNull(opens.get(from)));
          channel.config().setAutoRead(true);
        });
  }

  private Channel listen() throws InterruptedException {
    return runtime
        .server()
        .childOption(ChannelOption.AUTO_READ, false)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new ChannelInboundHandlerAdapter() {
                          @Override
                          public void channelActive(ChannelHandlerContext ctx) {
                            ctx.pipeline().remove(this);
                            blocking.execute(() -> handOver(channel));
                          }
                        });
              }
            })
        .bind(InetAddress.getLoopbackAddress(), 0)
        .sync()
        .channel();
  }

  @Override
  public void close() throws IOException {
    listener.close().syncUninterruptibly();
    var _ = door.drain();
    sessions.close();
    upstream.close();
    aws.close();
    runtime.close();
    blocking.shutdownNow();
  }
}
