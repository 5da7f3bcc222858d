package dev.sallyport.bench;

import dev.sallyport.auth.AuthConfig;
import dev.sallyport.auth.AuthService;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.CreateUserRequest;
import dev.sallyport.control.DatabaseAccess;
import dev.sallyport.control.DatabaseCert;
import dev.sallyport.control.DatabaseCertRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Kind;
import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Resource;
import dev.sallyport.model.Role;
import dev.sallyport.model.RoleConditions;
import dev.sallyport.model.RoleOptions;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What people wait for in a cluster of many users, roles and databases on the embedded store: each
/// call as its client sees it, over TLS on loopback, with all of its pages. The user has 50 roles.
/// The set-up prints how long a start takes, and the end how much memory is in use.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(
    value = 1,
    jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "-Xmx512m"})
public class ClusterSizeBench {
  private static final String CLUSTER = "bench";
  private static final String PASSWORD = "correct horse battery";
  private static final int ROLES_OF_THE_USER = 50;
  private static final int DATABASES_PER_HOST = 500;
  private static final int ENVIRONMENTS = 20;

  @Param("10000")
  int users = 10_000;

  @Param("1000")
  int roles = 1000;

  @Param("10000")
  int databases = 10_000;

  private Path folder = Path.of("");
  private final KeyPair keys = KeyPairs.generate();
  private final Deque<ControlClient> clients = new ArrayDeque<>();

  // Made by the set-up.
  @SuppressWarnings("NullAway.Init")
  private AuthService auth;

  @SuppressWarnings("NullAway.Init")
  private ControlClient admin;

  @SuppressWarnings("NullAway.Init")
  private ControlClient proxy;

  @SuppressWarnings("NullAway.Init")
  private ControlClient alice;

  /// Fills the state, starts the service and signs the user in.
  @Setup(Level.Trial)
  public void fill() throws IOException {
    folder = Files.createTempDirectory("cluster-bench");
    start().close();
    try (var store =
        SqliteStateStore.open(folder.resolve("auth/state.db"), InstantSource.system())) {
      put(store, everything());
    }
    long begin = System.nanoTime();
    auth = start();
    System.out.printf("%n# started in %d ms%n", (System.nanoTime() - begin) / 1_000_000);
    admin = client(IdentityFile.read(folder.resolve("admin.pem")).identity());
    proxy = client(auth.localHostIdentity(SystemRole.PROXY, Set.of("localhost")).identity());
    var mine = IntStream.range(0, ROLES_OF_THE_USER).mapToObj(ClusterSizeBench::roleName).toList();
    var invite = admin.createUser(new CreateUserRequest("alice", mine, Map.of(), Optional.empty()));
    var url = invite.url().reveal();
    proxy.setPassword(
        url.substring(url.lastIndexOf('/') + 1),
        new SetPasswordRequest(Secret.of(PASSWORD), "192.0.2.1"));
    var certificate = Pem.certificate(signIn().certificate());
    alice = client(new TlsIdentity(keys.getPrivate(), List.of(certificate)));
    System.out.printf(
        "# %d users, %d roles, %d databases; alice sees %d of them%n",
        listUsers().size(), listRoles().size(), databases, listDatabases().size());
  }

  private AuthService start() throws IOException {
    var config =
        new AuthConfig(
            folder,
            Optional.of(CLUSTER),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Optional.empty(),
            "bench",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            AuthConfig.Audit.DEFAULT,
            "1.0.0");
    return AuthService.start(config, InstantSource.system(), new SecureRandom());
  }

  private ControlClient client(TlsIdentity identity) {
    var client =
        new ControlClient(
            new ControlEndpoint("127.0.0.1", auth.boundPort()),
            identity,
            new IdentityVerifier(auth::trust, InstantSource.system()),
            CLUSTER);
    clients.push(client);
    return client;
  }

  private List<Resource> everything() {
    var all = new ArrayList<Resource>();
    for (int i = 0; i < roles; i++) {
      all.add(role(i));
    }
    for (int i = 0; i < users; i++) {
      all.add(
          new User(
              Metadata.named("user-%05d".formatted(i)),
              List.of(roleName(i % roles), roleName((i + 1) % roles)),
              Map.of("team", List.of("team-" + i % 100), "db_users", List.of("Reader")),
              Optional.empty()));
    }
    for (int i = 0; i < databases; i++) {
      var database =
          new Database(
              Metadata.named("db-%05d".formatted(i))
                  .withLabels(
                      Map.of(
                          "env",
                          "env-" + i % ENVIRONMENTS,
                          "team",
                          "team-" + i % 100,
                          "tier",
                          "1")),
              "dynamodb",
              Optional.empty(),
              DatabaseAws.of("us-east-1", "123456789012"),
              DatabaseTls.SYSTEM);
      var host = "host-%03d".formatted(i / DATABASES_PER_HOST);
      all.add(new DatabaseServer(Metadata.named(database.name()), host, host, "1.0.0", database));
    }
    return all;
  }

  private static String roleName(int number) {
    return "role-%04d".formatted(number);
  }

  private static Role role(int number) {
    var labels =
        Map.of(
            "env", List.of("env-" + number % ENVIRONMENTS, "test-*"),
            "team", List.of("^team-[0-9]+$"));
    return new Role(
        Metadata.named(roleName(number)),
        Role.CURRENT_VERSION,
        RoleOptions.DEFAULT,
        new RoleConditions(
            new LabelSelector(labels),
            Optional.of("labels[\"tier\"] == \"1\" || contains(user.spec.traits[\"x\"], \"y\")"),
            List.of("{{internal.db_users}}", "Reader" + number),
            List.of(),
            Map.of()),
        RoleConditions.NONE);
  }

  private static void put(StateStore store, List<Resource> all) {
    for (int from = 0; from < all.size(); from += StateStore.WRITES_MAX) {
      var some = all.subList(from, Math.min(all.size(), from + StateStore.WRITES_MAX));
      store.commit(
          some.stream()
              .<Write>map(resource -> ResourceState.put(resource, Condition.always()))
              .toList());
    }
  }

  /// `tctl get roles`.
  @Benchmark
  public List<Resource> listRoles() {
    return admin.list(Kind.ROLE, false);
  }

  /// `tctl get users`.
  @Benchmark
  public List<Resource> listUsers() {
    return admin.list(Kind.USER, false);
  }

  /// `tsh db ls`.
  @Benchmark
  public List<DatabaseAccess> listDatabases() {
    return alice.databases();
  }

  /// `tsh login`, of which checking the password is the most.
  @Benchmark
  public LoginResult signIn() {
    return proxy.login(
        new LoginRequest(
            "alice",
            Secret.of(PASSWORD),
            Optional.empty(),
            Pem.encode(keys.getPublic()),
            Optional.empty(),
            "192.0.2.1"));
  }

  /// What `tsh proxy db` asks for.
  @Benchmark
  public DatabaseCert databaseCertificate() {
    return alice.databaseCert(
        new DatabaseCertRequest(
            "db-00005",
            "Reader5",
            Optional.empty(),
            Pem.encode(keys.getPublic()),
            Optional.empty()));
  }

  /// Tells the memory and takes the cluster away.
  @TearDown(Level.Trial)
  public void stop() throws IOException {
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20;
    var rss =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS"))
            .findFirst()
            .orElse("VmRSS: unknown");
    System.out.printf("# heap in use %d MiB, %s (clients and benchmark included)%n", heap, rss);
    while (!clients.isEmpty()) {
      clients.pop().close();
    }
    auth.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
