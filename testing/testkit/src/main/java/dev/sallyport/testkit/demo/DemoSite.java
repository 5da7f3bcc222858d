package dev.sallyport.testkit.demo;

import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.PeerTrust;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.SampleTables;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.Laptop;
import dev.sallyport.testkit.site.Site;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * One process with Auth, Proxy and Database Service; AWS as the stand-in; Alice, who signs in and
 * opens a tunnel. Each step is a method, in the order in which they are to be called.
 */
final class DemoSite implements AutoCloseable {
  static final String DATABASE = "example-dynamodb";
  static final String IAM_ROLE = "ExampleTeleportDynamoDBRole";
  private static final String USER = "alice";

  private final InstantSource clock;
  private final AwsStandIn aws;
  private final Site site;

  /** Starts AWS: DynamoDB Local behind the gate, STS with the guide's role, three tables. */
  DemoSite(Installation installation, Path folder, InstantSource clock) {
    this.clock = clock;
    this.aws = AwsStandIn.start(AwsStandIn.Account.example(), clock);
    aws.sts().put(TrustedRole.trusting(aws.account().role(IAM_ROLE), aws.account().agentArn()));
    try (DynamoDbClient operator = SdkClients.dynamoDb(aws.dynamoDbUri(), aws.agentCredentials())) {
      SampleTables.create(operator);
    }
    this.site = new Site(installation, folder);
  }

  /** Starts {@code teleport} with all three services. */
  RunningProcess startCluster() throws IOException {
    site.write("cluster.yaml", configuration());
    Map<String, String> environment = new HashMap<>(aws.agentEnvironment());
    RunningProcess cluster = site.startCluster(environment);
    cluster.awaitLine("\\[DB\\].*serving");
    return cluster;
  }

  private String configuration() {
    return """
    version: v3
    teleport:
      nodename: demo
      data_dir: %s
    auth_service:
      enabled: true
      cluster_name: demo.sallyport.example
      listen_addr: 127.0.0.1:%d
    proxy_service:
      enabled: true
      web_listen_addr: 127.0.0.1:%d
      public_addr: localhost:%d
    db_service:
      enabled: true
      databases:
        - name: %s
          protocol: dynamodb
          uri: "%s"
          static_labels:
            env: demo
          aws:
            region: %s
            account_id: "%s"
    """
        .formatted(
            site.folder().resolve("cluster"),
            site.authPort(),
            site.webPort(),
            site.webPort(),
            DATABASE,
            aws.dynamoDbUri(),
            aws.account().region(),
            aws.account().id());
  }

  private static String role() {
    return """
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
        .formatted(IAM_ROLE);
  }

  /** Creates the guide's role, and Alice, who sets her password on the page of her invitation. */
  void addUser() throws IOException, InterruptedException {
    Path role = site.write("aws-dynamodb-access.yaml", role());
    site.tctl("create", "-f", role.toString()).orFail();
    site.addUser(USER, "access,aws-dynamodb-access", pinned(site.caPin()));
  }

  /** Signs Alice in and opens her tunnel. */
  RunningProcess openTunnel(int port) throws IOException {
    Laptop laptop = site.laptop(USER, Map.of());
    laptop
        .tshTyping(
            Site.PASSWORD + "\n",
            "login",
            "--proxy=" + site.proxyAddress(),
            "--user=" + USER,
            "--ca-pin=" + site.caPin())
        .orFail();
    return laptop.openTunnel(port, List.of("--db-user=" + IAM_ROLE, DATABASE));
  }

  /** A machine on which to run other clients. */
  Laptop laptop() throws IOException {
    return site.laptop("clients", Map.of());
  }

  /** Where the Proxy is, for a browser. */
  String proxyAddress() {
    return site.proxyAddress();
  }

  /** Where the audit log is written. */
  Path auditLog() {
    return site.folder().resolve("cluster/log");
  }

  private SSLContext pinned(String pin) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null, new TrustManager[] {PeerTrust.pinnedProxy(Set.of(CaPin.parse(pin)), clock)}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no TLS", e);
    }
  }

  @Override
  public void close() {
    site.close();
    aws.close();
  }
}
