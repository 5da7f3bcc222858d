package dev.sallyport.testkit.cluster;

import dev.sallyport.launcher.Teleport;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.tctl.TctlMain;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.InvitePage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// A whole cluster in this JVM: Auth, Proxy and Database Service over loopback, on ports that the
/// system chooses, with one database behind [AwsStandIn]'s verifying gate.
///
/// ```
/// try (var aws = AwsStandIn.start(AwsStandIn.Account.example(), clock);
///     var cluster = TestCluster.start(folder, aws, clock)) {
///   var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
///   cluster.signIn(alice);
///   try (var tunnel = alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, TestCluster.DATABASE)) {
///     use(tunnel.endpoint());
///   }
/// }
/// ```
///
/// The services log to `teleport.log` in the folder; [Teleport] sets the log of the whole JVM up,
/// so one cluster logs at a time. Whoever starts it closes it, and after it the AWS.
public final class TestCluster implements AutoCloseable {
  /// The cluster's name.
  public static final String NAME = "example.com";

  /// The database that its agent serves.
  public static final String DATABASE = "example-dynamodb";

  /// The IAM role that `aws-dynamodb-access` allows; the agent may assume it.
  public static final String IAM_ROLE = "ExampleTeleportDynamoDBRole";

  /// A password that the cluster accepts.
  public static final String PASSWORD = "correct horse battery staple";

  private static final Pattern PROXY =
      Pattern.compile("\\[PROXY\\] Service is listening on (\\S+:\\d+)");
  private static final Pattern DIAGNOSTICS =
      Pattern.compile("\\[DIAG\\] Service is listening on (\\S+:\\d+)");
  private static final Pattern SERVING = Pattern.compile("\\[DB\\] Service is serving " + DATABASE);
  private static final Pattern LINK = Pattern.compile("https://\\S+/web/(invite|reset)/\\S+");
  private static final Pattern PIN = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Path folder;
  private final InstantSource clock;
  private final Map<String, String> environment;
  private RunningCommand services;
  private String proxyAddress;
  private final Deque<Person> people = new ArrayDeque<>();

  private TestCluster(
      Path folder,
      InstantSource clock,
      Map<String, String> environment,
      RunningCommand services,
      String proxyAddress) {
    this.folder = folder;
    this.clock = clock;
    this.environment = environment;
    this.services = services;
    this.proxyAddress = proxyAddress;
  }

  /// Starts the services, with the guide's role in place; the database is served when this returns.
  public static TestCluster start(Path folder, AwsStandIn aws, InstantSource clock)
      throws IOException {
    return start(folder, aws, clock, "");
  }

  /// The same, with more lines of configuration under `auth_service`, indented by two.
  public static TestCluster start(
      Path folder, AwsStandIn aws, InstantSource clock, String moreOfAuth) throws IOException {
    return start(folder, aws, clock, moreOfAuth, Map.of());
  }

  /// The same, with more variables in the environment of the services.
  public static TestCluster start(
      Path folder,
      AwsStandIn aws,
      InstantSource clock,
      String moreOfAuth,
      Map<String, String> variables)
      throws IOException {
    aws.sts().put(TrustedRole.trusting(aws.account().role(IAM_ROLE), aws.account().agentArn()));
    var file =
        Files.writeString(
            folder.resolve("teleport.yaml"), configuration(folder, aws.account(), moreOfAuth));
    var environment = environment(aws);
    environment.putAll(variables);
    var services = start(file, environment, clock);
    try {
      var cluster = new TestCluster(folder, clock, environment, services, awaitListening(services));
      cluster.createRole();
      return cluster;
    } catch (AssertionError | IOException e) {
      services.close();
      throw e;
    }
  }

  /// Stops the services and starts them again with the same files; the Proxy may get another port.
  public void restart() {
    services.stop();
    services = start(folder.resolve("teleport.yaml"), environment, clock);
    proxyAddress = awaitListening(services);
  }

  private static String awaitListening(RunningCommand services) {
    var listening = services.awaitText(PROXY);
    services.awaitText(SERVING);
    return listening.group(1);
  }

  private static RunningCommand start(
      Path file, Map<String, String> environment, InstantSource clock) {
    return new RunningCommand(
        "teleport start -c " + file,
        (out, err) ->
            Teleport.run(
                new String[] {"start", "-c", file.toString()}, out, err, environment, clock));
  }

  private static Map<String, String> environment(AwsStandIn aws) {
    var environment = new HashMap<>(aws.agentEnvironment());
    for (var service : List.of("DYNAMODB", "DYNAMODB_STREAMS", "DAX")) {
      environment.put("AWS_ENDPOINT_URL_" + service, aws.dynamoDbUri().toString());
    }
    return environment;
  }

  private static String configuration(Path folder, AwsStandIn.Account account, String moreOfAuth) {
    return """
    version: v3
    teleport:
      nodename: node-1
      data_dir: %s
      pid_file: %s
      diag_addr: 127.0.0.1:0
      log: {output: %s, severity: INFO, format: {output: json}}
    auth_service:
      enabled: yes
      cluster_name: %s
      listen_addr: 127.0.0.1:%d
    %sproxy_service:
      enabled: yes
      web_listen_addr: 127.0.0.1:0
    db_service:
      enabled: yes
      databases:
      - name: %s
        protocol: dynamodb
        static_labels: {env: test}
        aws: {region: %s, account_id: "%s"}
    """
        .formatted(
            folder.resolve("data"),
            folder.resolve("teleport.pid"),
            folder.resolve("teleport.log"),
            NAME,
            FreePorts.next(),
            moreOfAuth,
            DATABASE,
            account.region(),
            account.id());
  }

  private void createRole() throws IOException {
    var role =
        Files.writeString(
            folder.resolve("aws-dynamodb-access.yaml"),
            """
            kind: role
            version: v7
            metadata:
              name: aws-dynamodb-access
            spec:
              allow:
                db_labels:
                  '*': '*'
                db_users:
                - '%s'
            """
                .formatted(IAM_ROLE));
    tctl("create", "-f", role.toString()).orFail();
  }

  /// Where everything lives; the data folder is `data` in it.
  public Path folder() {
    return folder;
  }

  /// The services' data folder.
  public Path dataFolder() {
    return folder.resolve("data");
  }

  /// The services, and what they print.
  public RunningCommand services() {
    return services;
  }

  /// The Proxy's one port, as `host:port`.
  public String proxyAddress() {
    return proxyAddress;
  }

  /// What diagnostics answer to a GET.
  public HttpResponse<String> diagnostics(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://" + services.awaitText(DIAGNOSTICS).group(1) + path);
    try (var client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  /// Runs `tctl` to its end as on the cluster's host.
  public CommandResult tctl(String... arguments) {
    return tctlTyping("", arguments);
  }

  /// The same, with `input` on its standard input.
  public CommandResult tctlTyping(String input, String... arguments) {
    var all = new ArrayList<>(List.of("-c", folder.resolve("teleport.yaml").toString()));
    all.addAll(List.of(arguments));
    return new RunningCommand(
            "tctl " + String.join(" ", all),
            (out, err) ->
                TctlMain.run(
                    all.toArray(String[]::new),
                    new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                    out,
                    err,
                    Map.of(),
                    folder,
                    clock))
        .result();
  }

  /// The cluster's CA pin, as `tctl status` prints it.
  public String caPin() {
    return find(PIN, tctl("status").orFail().output());
  }

  /// All of them: two while the hosts' key is being changed.
  private List<String> caPins() {
    var printed = tctl("status").orFail().output();
    return PIN.matcher(printed).results().map(MatchResult::group).toList();
  }

  /// Trust in this cluster's Proxy, for a browser.
  public SSLContext browserTrust() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          null,
          new TrustManager[] {PeerTrust.pinnedProxy(Set.of(CaPin.parse(caPin())), clock)},
          null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  /// Invites a user, and chooses [#PASSWORD] on the page of the invitation. Closed with the
  /// cluster.
  public Person addPerson(String name, String roles) throws IOException, InterruptedException {
    var printed = tctl("users", "add", name, "--roles=" + roles).orFail().output();
    new InvitePage(browserTrust()).choose(URI.create(find(LINK, printed)), PASSWORD);
    return person(name);
  }

  /// A user with a home folder of their own, who need not exist in the cluster.
  public Person person(String name) throws IOException {
    return person(name, clock);
  }

  /// The same, on a machine with a clock of its own.
  public Person person(String name, InstantSource clock) throws IOException {
    var person = new Person(name, folder.resolve("home-" + name), clock);
    people.push(person);
    return person;
  }

  /// Signs a person in with [#PASSWORD], also one who is.
  public CommandResult signIn(Person person) {
    return person
        .tshTyping(
            PASSWORD + "\n",
            "login",
            "--again",
            "--proxy=" + proxyAddress,
            "--user=" + person.name(),
            "--ca-pin=" + String.join(",", caPins()))
        .orFail();
  }

  private static String find(Pattern pattern, String text) {
    var matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("nothing like " + pattern + " in:\n" + text);
    }
    return matcher.group();
  }

  @Override
  public void close() {
    while (!people.isEmpty()) {
      people.pop().close();
    }
    services.close();
  }
}
