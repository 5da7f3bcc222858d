package dev.sallyport.bench.chain;

import dev.sallyport.pki.IdentityFile;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.BareTunnels;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.Laptop;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Sallyport as its users run it: Auth, Proxy, Database Service and `tsh proxy db`, each a process
/// started by its launcher with the options that the launcher has.
final class SallyportChain implements Contender {
  private static final String USER = "alice";
  private static final String OPTIONS = "SALLYPORT_JAVA_OPTS";
  private static final String TRUST = "SSL_CERT_FILE";
  private static final String DATABASE = "bench";
  private static final String IAM_ROLE = "BenchRole";

  /// Who has it may do what the loads do.
  static final String ROLE = "bench";

  private static final String LOCK =
      """
      kind: lock
      version: v2
      metadata:
        name: bench
      spec:
        target:
          user: alice
      """;

  private final String name;
  private final Surroundings around;
  private final AwsStandIn aws;
  private final Site site;
  private final int port = FreePorts.next();
  private final Map<String, Long> processes = new LinkedHashMap<>();
  private final Map<String, String> options;
  private Optional<RunningProcess> tunnel = Optional.empty();

  /// Starts the installation `home`.
  ///
  /// @param javaOptions options for what runs on: the services and the tunnel
  SallyportChain(String name, Surroundings around, Path home, String javaOptions)
      throws IOException, InterruptedException {
    this.name = name;
    this.around = around;
    var folder = Files.createDirectory(around.folder.resolve(name));
    this.aws = AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system());
    aws.sts().put(TrustedRole.trusting(aws.account().role(IAM_ROLE), aws.account().agentArn()));
    var installation = Installation.at(home).with(Map.of(OPTIONS, ""));
    this.site = new Site(installation, folder);
    this.options = Map.of(OPTIONS, javaOptions);
    around.authority.issueServer(folder, "proxy", List.of("localhost"));
    try {
      start();
    } catch (AssertionError | IOException | InterruptedException e) {
      close();
      throw e;
    }
  }

  private void start() throws IOException, InterruptedException {
    var auth = site.startService(site.write("cluster.yaml", authText()), options);
    auth.awaitLine("\\[AUTH\\].*listening");
    token("proxy");
    var proxy = site.startService(site.write("proxy.yaml", proxyText()), options);
    proxy.awaitLine("\\[PROXY\\].*listening");
    token("db");
    var agent = site.startService(site.write("agent.yaml", agentText()), agentEnvironment());
    agent.awaitLine("\\[DB\\].*serving");
    site.tctl("create", "-f", site.write("role.yaml", roleText()).toString()).orFail();
    site.addUser(USER, ROLE, around.authority.clientContext());
    laptop(Map.of())
        .tshTyping(
            Site.PASSWORD + "\n", "login", "--proxy=" + site.proxyAddress(), "--user=" + USER)
        .orFail();
    var opened = laptop(options).openTunnel(port, List.of("--db-user=" + IAM_ROLE, DATABASE));
    tunnel = Optional.of(opened);
    processes.put("tsh", opened.pid());
    processes.put("proxy", proxy.pid());
    processes.put("agent", agent.pid());
    processes.put("auth", auth.pid());
  }

  private Laptop laptop(Map<String, String> more) throws IOException {
    var environment = new HashMap<>(more);
    environment.put(TRUST, around.authorityFile.toString());
    return site.laptop(USER, environment);
  }

  private void token(String type) throws IOException {
    var text = site.tctl("tokens", "add", "--type=" + type, "--format=text").orFail().output();
    site.write(type + "-token", text);
  }

  private Map<String, String> agentEnvironment() {
    var environment = new HashMap<>(aws.agentEnvironment());
    environment.put(TRUST, around.authorityFile.toString());
    environment.putAll(options);
    return environment;
  }

  private String authText() {
    return """
    version: v3
    teleport:
      nodename: auth
      data_dir: %s
    auth_service:
      enabled: true
      cluster_name: bench.example.com
      listen_addr: 127.0.0.1:%d
    proxy_service:
      enabled: false
    """
        .formatted(site.folder().resolve("cluster"), site.authPort());
  }

  private String proxyText() throws IOException {
    return """
    version: v3
    teleport:
      nodename: proxy
      data_dir: %1$s/proxy-data
      auth_server: 127.0.0.1:%2$d
      auth_token: %1$s/proxy-token
      ca_pin: "%3$s"
    proxy_service:
      enabled: true
      web_listen_addr: 127.0.0.1:%4$d
      public_addr: localhost:%4$d
      https_keypairs:
        - cert_file: %1$s/proxy.crt
          key_file: %1$s/proxy.key
    """
        .formatted(site.folder(), site.authPort(), site.caPin(), site.webPort());
  }

  private String agentText() {
    return """
    version: v3
    teleport:
      nodename: agent
      data_dir: %1$s/agent-data
      proxy_server: localhost:%2$d
      auth_token: %1$s/db-token
    db_service:
      enabled: true
      databases:
        - name: %3$s
          protocol: dynamodb
          uri: "https://%4$s:%5$d"
          aws:
            region: %6$s
            account_id: "%7$s"
    """
        .formatted(
            site.folder(),
            site.webPort(),
            DATABASE,
            CannedUpstream.HOST,
            around.upstream.port(),
            aws.account().region(),
            aws.account().id());
  }

  private static String roleText() {
    return """
    kind: role
    version: v7
    metadata:
      name: bench
    spec:
      allow:
        db_labels:
          '*': '*'
        db_users:
        - '%s'
    """
        .formatted(IAM_ROLE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Target target() {
    return new Target("localhost:" + port, port, Optional.empty());
  }

  @Override
  public Map<String, Long> processes() {
    return processes;
  }

  /// The cluster's administration.
  Site site() {
    return site;
  }

  /// Whom the Auth Service takes for the administrator of its own host.
  IdentityFile administrator() throws IOException {
    return IdentityFile.read(site.folder().resolve("cluster").resolve("admin.pem"));
  }

  /// Connections to the database without a `tsh` in between, none open yet.
  BareTunnels bareTunnels() {
    return new BareTunnels(site.proxyAddress(), DATABASE, IAM_ROLE);
  }

  /// The user's machine.
  Laptop laptop() throws IOException {
    return laptop(Map.of());
  }

  /// Opens one more tunnel, and closes it when it is ready.
  CommandResult openAnotherTunnel() throws IOException {
    var arguments = List.of("--db-user=" + IAM_ROLE, DATABASE);
    try (var another = laptop(Map.of()).openTunnel(FreePorts.next(), arguments)) {
      another.kill();
      return new CommandResult("tsh proxy db", 0, "", "");
    }
  }

  /// Locks the user out.
  ///
  /// @return when that was acknowledged, by [System#nanoTime]
  long lock() {
    try {
      site.tctl("create", "-f", site.write("lock.yaml", LOCK).toString()).orFail();
      return System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lets the user in again.
  void unlock() throws IOException {
    site.tctl("rm", "lock/bench").orFail();
  }

  @Override
  public void close() {
    tunnel.ifPresent(RunningProcess::close);
    site.close();
    aws.close();
  }
}
