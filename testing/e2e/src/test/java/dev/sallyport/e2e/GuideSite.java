package dev.sallyport.e2e;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.Laptop;
import dev.sallyport.testkit.site.Site;
import dev.sallyport.testkit.tls.PublicAuthority;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The guide's site: a cluster with a public certificate, an agent on "another host" (its own
 * process and data folder), AWS as the stand-in, and Alice with her laptop. Nothing is running yet
 * when it is made but AWS.
 */
final class GuideSite implements AutoCloseable {
  static final String IAM_ROLE = "ExampleTeleportDynamoDBRole";
  static final String DATABASE = "example-dynamodb";

  final AwsStandIn aws;
  final Site site;
  final Laptop alice;
  private final PublicAuthority publicAuthority;
  private final Path authority;

  /** The site with DynamoDB Local and sample tables behind the gate. */
  GuideSite(Path folder) throws IOException {
    this(folder, AwsStandIn.start(AwsStandIn.Account.example(), InstantSource.system()));
    try (DynamoDbClient operator = SdkClients.dynamoDb(aws.dynamoDbUri(), aws.agentCredentials())) {
      SampleTables.create(operator);
    }
    aws.gate().forget();
  }

  /** The site with this AWS, which it closes. */
  GuideSite(Path folder, AwsStandIn aws) throws IOException {
    this(folder, aws, site -> {});
  }

  /**
   * The same, behind something of the test's own.
   *
   * @param publish may choose where users and agents come to, before the files say so
   */
  GuideSite(Path folder, AwsStandIn aws, Consumer<Site> publish) throws IOException {
    this.aws = aws;
    aws.sts().put(TrustedRole.trusting(aws.account().role(IAM_ROLE), aws.account().agentArn()));
    publicAuthority =
        new PublicAuthority("Test public authority", InstantSource.system().instant());
    authority = publicAuthority.writeCertificate(folder.resolve("public-ca.pem"));
    site = new Site(Installation.at(GuideFiles.installation()), folder);
    issueCertificate();
    publish.accept(site);
    alice = laptop("alice");
    site.write("cluster.yaml", clusterText());
    site.write("agent.yaml", agentText());
    site.write("aws-dynamodb-access.yaml", GuideFiles.filled("aws-dynamodb-access.yaml", Map.of()));
  }

  /** Writes a new key pair for the Proxy in the place of the old one. */
  void issueCertificate() {
    issueProxy(site.folder(), "proxy");
  }

  /** Writes another key pair for the Proxy into files of this name. */
  PublicAuthority.KeyPairFiles issueProxy(Path folder, String stem) {
    return publicAuthority.issueServer(folder, stem, List.of("localhost", "teleport.example.com"));
  }

  /** How a browser trusts the Proxy's certificate, and no other. */
  SSLContext browserTrust() {
    return publicAuthority.clientContext();
  }

  private String clusterText() throws IOException {
    Map<String, String> placeholders = new LinkedHashMap<>();
    placeholders.put("/var/lib/teleport", site.folder().resolve("cluster").toString());
    placeholders.put("127.0.0.1:3025", "127.0.0.1:" + site.authPort());
    placeholders.put("0.0.0.0:443", "127.0.0.1:" + site.webPort());
    placeholders.put("teleport.example.com:443", site.proxyAddress());
    placeholders.put(
        "/etc/teleport/teleport.example.com", site.folder().resolve("proxy").toString());
    return GuideFiles.filled("cluster.yaml", placeholders);
  }

  private String agentText() throws IOException {
    Map<String, String> placeholders = new LinkedHashMap<>();
    placeholders.put("CHANGEME", "agent-1");
    placeholders.put("/var/lib/teleport", site.folder().resolve("agent").toString());
    placeholders.put("teleport.example.com:443", site.proxyAddress());
    placeholders.put("/tmp/token", site.folder().resolve("token").toString());
    placeholders.put("123456789012", aws.account().id());
    return GuideFiles.filled("agent.yaml", placeholders);
  }

  RunningProcess startCluster() throws IOException {
    return site.startCluster(Map.of());
  }

  /** The Auth Service of the same cluster in a process of its own. */
  RunningProcess startAuth() throws IOException {
    Map<String, String> placeholders = new LinkedHashMap<>();
    placeholders.put("/var/lib/teleport", site.folder().resolve("cluster").toString());
    placeholders.put("0.0.0.0:3025", "127.0.0.1:" + site.authPort());
    Path file = site.write("auth.yaml", GuideFiles.filled("auth.yaml", placeholders));
    RunningProcess auth = site.startService(file, Map.of());
    auth.awaitLine("\\[AUTH\\].*listening");
    return auth;
  }

  /** Makes a token on the host of the Auth Service, and starts a Proxy that joins with it. */
  RunningProcess joinProxy() throws IOException {
    return joinProxy(site.authPort());
  }

  /** The same, where the way to Auth begins at another port of this machine. */
  RunningProcess joinProxy(int toAuth) throws IOException {
    String token = site.tctl("tokens", "add", "--type=proxy", "--format=text").orFail().output();
    Files.writeString(site.folder().resolve("proxy-token"), token);
    Map<String, String> placeholders = new LinkedHashMap<>();
    placeholders.put("/var/lib/teleport", site.folder().resolve("proxy-data").toString());
    placeholders.put("auth.example.com:3025", "127.0.0.1:" + toAuth);
    placeholders.put("/tmp/token", site.folder().resolve("proxy-token").toString());
    placeholders.put("sha256:" + "0".repeat(64), site.caPin());
    placeholders.put("0.0.0.0:443", "127.0.0.1:" + site.webPort());
    placeholders.put("teleport.example.com:443", site.proxyAddress());
    placeholders.put(
        "/etc/teleport/teleport.example.com", site.folder().resolve("proxy").toString());
    site.write("proxy.yaml", GuideFiles.filled("proxy.yaml", placeholders));
    return startProxy();
  }

  /** The Proxy, once it has joined. */
  RunningProcess startProxy() throws IOException {
    RunningProcess proxy = site.startService(site.folder().resolve("proxy.yaml"), Map.of());
    proxy.awaitLine("\\[PROXY\\].*listening");
    return proxy;
  }

  /** The environment of the agent's host: its AWS credentials, and where AWS is. */
  Map<String, String> agentEnvironment() {
    Map<String, String> environment = new HashMap<>(aws.agentEnvironment());
    environment.put("SSL_CERT_FILE", authority.toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", aws.dynamoDbUri().toString());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", aws.dynamoDbUri().toString());
    environment.put("AWS_ENDPOINT_URL_DAX", aws.dynamoDbUri().toString());
    return environment;
  }

  /**
   * Makes a token on the cluster's host, brings it over, starts the agent, waits for its database.
   */
  RunningProcess joinAgent() throws IOException {
    String token = site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output();
    Files.writeString(site.folder().resolve("token"), token);
    return startAgent();
  }

  RunningProcess startAgent() throws IOException {
    RunningProcess agent =
        site.startService(site.folder().resolve("agent.yaml"), agentEnvironment());
    agent.awaitLine("\\[DB\\].*serving");
    return agent;
  }

  /** A machine that trusts the authority of the cluster's public certificate. */
  Laptop laptop(String name) throws IOException {
    return site.laptop(name, Map.of("SSL_CERT_FILE", authority.toString()));
  }

  void addAlice(String roles) throws IOException, InterruptedException {
    site.addUser("alice", roles, browserTrust());
  }

  void createRole() throws IOException {
    site.tctl("create", "-f", site.folder().resolve("aws-dynamodb-access.yaml").toString())
        .orFail();
  }

  void login() throws IOException {
    alice
        .tshTyping(Site.PASSWORD + "\n", "login", "--proxy=" + site.proxyAddress(), "--user=alice")
        .orFail();
  }

  /** Cluster, role, agent and Alice, signed in: ready for tunnels. */
  void startAll() throws IOException, InterruptedException {
    RunningProcess cluster = startCluster();
    awaitPublicAddress(cluster);
    createRole();
    addAlice("access,editor,aws-dynamodb-access");
    joinAgent();
    login();
  }

  /** Takes a step of a rotation by hand, and waits until the agent has followed it. */
  void rotate(String type, String phase) throws IOException {
    site.tctl("auth", "rotate", "--manual", "--type=" + type, "--phase=" + phase).orFail();
    if (type.equals("host")) {
      Awaitility.await("the agent is in " + phase)
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> site.tctl("get", "db_servers").orFail().output().contains("phase: " + phase));
    }
  }

  /** A balancer in front may need a while to see that the Proxy behind it is there. */
  private void awaitPublicAddress(RunningProcess cluster) {
    HttpRequest ping =
        HttpRequest.newBuilder(URI.create("https://" + site.proxyAddress() + "/webapi/ping"))
            .build();
    HttpClient browser = HttpClient.newBuilder().sslContext(browserTrust()).build();
    Awaitility.await(cluster.transcript())
        .atMost(Installation.PATIENCE)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> browser.send(ping, BodyHandlers.discarding()).statusCode() == 200);
  }

  RunningProcess openTunnel(int port) throws IOException {
    return alice.openTunnel(port, List.of("--db-user=" + IAM_ROLE, DATABASE));
  }

  @Override
  public void close() {
    site.close();
    aws.close();
  }
}
