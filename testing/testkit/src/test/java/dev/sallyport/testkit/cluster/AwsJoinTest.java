package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.launcher.Teleport;
import dev.sallyport.pki.Pem;
import dev.sallyport.testkit.aws.AccessKey;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ImdsStandIn;
import dev.sallyport.testkit.aws.StsStandIn;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.client.SdkClients;
import dev.sallyport.testkit.site.FaultyLine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Agents with no secret but their AWS credentials, before an STS that verifies each signature.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AwsJoinTest {
  private static final String TOKEN = "agents-of-aws";
  private static final String INSTANCES = "instances-of-aws";

  /// More bytes than the Proxy's part of a handshake, and fewer than that and the answer to a join.
  private static final long IN_THE_ANSWER = 4_000;

  private static final Duration SOON = Duration.ofSeconds(30);

  private final InstantSource clock = InstantSource.system();
  private final AwsStandIn aws = AwsStandIn.start(AwsStandIn.Account.example(), clock);
  private TestCluster cluster;
  private final Path folder;

  AwsJoinTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @BeforeAll
  void start() throws IOException {
    var certificates = Files.createDirectory(folder.resolve("certificates"));
    cluster =
        TestCluster.start(
            Files.createDirectory(folder.resolve("cluster")),
            aws,
            clock,
            "  ec2_certificates: " + certificates + "\n");
    var token =
        Files.writeString(
            folder.resolve("token.yaml"),
            """
            kind: token
            version: v2
            metadata: {name: %s}
            spec:
              roles: [Db]
              join_method: iam
              allow:
              - aws_account: "%s"
                aws_arn: %s
            """
                .formatted(TOKEN, aws.account().id(), aws.account().agentArn()));
    cluster.tctl("create", "-f", token.toString()).orFail();
    var instances =
        Files.writeString(
            folder.resolve("instances.yaml"),
            """
            kind: token
            version: v2
            metadata: {name: %s}
            spec:
              roles: [Db]
              join_method: ec2
              allow:
              - {aws_account: "%s", aws_regions: [eu-west-1]}
            """
                .formatted(INSTANCES, aws.account().id()));
    cluster.tctl("create", "-f", instances.toString()).orFail();
  }

  @AfterAll
  void stop() {
    cluster.close();
    aws.close();
  }

  private RunningCommand agent(String name, String method, Map<String, String> environment)
      throws IOException {
    return agent(name, cluster.proxyAddress(), method, environment);
  }

  private RunningCommand agent(
      String name, String proxy, String method, Map<String, String> environment)
      throws IOException {
    var file =
        Files.writeString(
            folder.resolve(name + ".yaml"),
            """
            version: v3
            teleport:
              nodename: %s
              data_dir: %s
              proxy_server: %s
              ca_pin: %s
              join_params: {method: %s, token_name: %s}
            db_service:
              enabled: yes
              databases:
              - name: %s
                protocol: dynamodb
                static_labels: {env: test}
                aws: {region: %s, account_id: "%s"}
            """
                .formatted(
                    name,
                    folder.resolve(name),
                    proxy,
                    cluster.caPin(),
                    method,
                    method.equals("ec2") ? INSTANCES : TOKEN,
                    name,
                    aws.account().region(),
                    aws.account().id()));
    return new RunningCommand(
        "teleport start -c " + file,
        (out, err) ->
            Teleport.run(
                new String[] {"start", "-c", file.toString()}, out, err, environment, clock));
  }

  private Map<String, String> environment() {
    var environment = new HashMap<>(aws.agentEnvironment());
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", aws.dynamoDbUri().toString());
    return environment;
  }

  private Map<String, String> environment(String keyId, String secret) {
    var environment = environment();
    environment.put("AWS_ACCESS_KEY_ID", keyId);
    environment.put("AWS_SECRET_ACCESS_KEY", secret);
    return environment;
  }

  private String audited() {
    return cluster
        .tctl("audit", "search", "--type=instance.join", "--format=json")
        .orFail()
        .output();
  }

  private void refused(String name, String method, Map<String, String> environment, String why)
      throws IOException {
    try (var agent = agent(name, method, environment)) {
      await().atMost(SOON).untilAsserted(() -> assertThat(audited()).contains(why));
      assertThat(cluster.tctl("get", "db_servers").orFail().output()).doesNotContain(name);
      agent.stop();
    }
    assertThat(folder.resolve(name).resolve("agent").resolve("identity.pem")).doesNotExist();
  }

  @Test
  void anAgentJoinsByItsAwsIdentityAndServesARequest() throws Exception {
    aws.sts()
        .put(
            TrustedRole.trusting(
                aws.account().role(TestCluster.IAM_ROLE), aws.account().agentArn()));
    try (var agent = agent("iam-database", "iam", environment())) {
      agent.awaitText(Pattern.compile("\\[DB\\] Service is serving iam-database"));
      var alice = cluster.addPerson("alice", "access,aws-dynamodb-access");
      cluster.signIn(alice);
      try (var tunnel = alice.openTunnel("--db-user=" + TestCluster.IAM_ROLE, "iam-database");
          var client = SdkClients.dynamoDbOnce(tunnel.endpoint())) {
        assertThat(client.listTables().tableNames()).isNotNull();
      }
    }
    assertThat(aws.sts().calls()).extracting(StsStandIn.Call::action).contains("GetCallerIdentity");
    assertThat(audited())
        .contains("\"method\":\"iam\"")
        .contains("\"token_name\":\"" + TOKEN + "\"")
        .contains("\"arn\":\"" + aws.account().agentArn() + "\"");
    // The token's name is no secret, and works as none.
    assertThat(cluster.tctl("tokens", "ls").orFail().output()).contains(TOKEN);
  }

  @Test
  void anotherUserOfTheAccountIsNotLetIn() throws Exception {
    var other = "arn:aws:iam::" + aws.account().id() + ":user/sallyport-agent-2";
    aws.addKey(AccessKey.ofUser("AKIASALLYPORTOTHER00", "another/secret", other));
    refused(
        "other-user",
        "iam",
        environment("AKIASALLYPORTOTHER00", "another/secret"),
        "instance " + other + " did not match any allow rules");
  }

  @Test
  void aSignatureThatAwsDoesNotAcceptIsNone() throws Exception {
    refused(
        "wrong-secret",
        "iam",
        environment(aws.account().agentKeyId(), "not/the/secret"),
        "does not accept the host's signature: SignatureDoesNotMatch");
  }

  @Test
  void theTokensNameAloneLetsNobodyIn() throws Exception {
    refused(
        "by-name",
        "token",
        environment(),
        "this token does not support the TOKEN join method, but iam");
  }

  /// An instance whose documents the cluster believes, and the environment of programs on it.
  private Map<String, String> boot(ImdsStandIn imds) throws IOException {
    Files.writeString(
        folder.resolve("certificates").resolve("eu-west-1.pem"), Pem.encode(imds.certificate()));
    var environment = environment();
    environment.put("AWS_EC2_METADATA_DISABLED", "false");
    environment.putAll(imds.environment());
    return environment;
  }

  private ImdsStandIn instance(String id) throws IOException {
    return ImdsStandIn.start(
        new ImdsStandIn.Instance(aws.account().id(), "eu-west-1", id, clock.instant()));
  }

  /// How many joins as this instance are on record.
  private long joins(String instance) {
    return audited()
        .lines()
        .filter(line -> line.contains("\"instance\":\"" + instance + "\""))
        .count();
  }

  @Test
  void anInstanceJoinsByItsIdentityDocumentOnce() throws Exception {
    try (var imds = instance("i-0123456789abcdef0")) {
      var environment = boot(imds);
      try (var agent = agent("ec2-database", "ec2", environment)) {
        agent.awaitText(Pattern.compile("\\[DB\\] Service is serving ec2-database"));
      }
      assertThat(audited()).contains("\"method\":\"ec2\"");
      assertThat(joins("i-0123456789abcdef0")).isEqualTo(1);
      refused("ec2-again", "ec2", environment, "has joined before");
    }
  }

  @Test
  void anInstanceWhoseAnswerWasLostOnItsWayAsksAgainAndIsLetIn() throws Exception {
    try (var imds = instance("i-0123456789abcdef1");
        var line = new FaultyLine()) {
      line.leadTo(URI.create("tls://" + cluster.proxyAddress()).getPort());
      var fuse = line.resetAfter(FaultyLine.ALL, FaultyLine.Way.BACK, IN_THE_ANSWER);
      try (var agent = agent("ec2-unlucky", "127.0.0.1:" + line.port(), "ec2", boot(imds))) {
        agent.awaitText(Pattern.compile("\\[DB\\] Service is serving ec2-unlucky"));
      }
      assertThat(fuse.blown()).isTrue();
    }
    assertThat(joins("i-0123456789abcdef1")).as("the lost one, and its repetition").isEqualTo(2);
  }

  @Test
  void ofTwoAgentsThatJoinAsOneInstanceAtOnceExactlyOneIsLetIn() throws Exception {
    try (var imds = instance("i-0123456789abcdef2")) {
      var environment = boot(imds);
      try (var one = agent("ec2-twin-1", "ec2", environment);
          var other = agent("ec2-twin-2", "ec2", environment)) {
        await()
            .atMost(SOON)
            .untilAsserted(() ->
                assertThat(audited())
                    .contains("instance i-0123456789abcdef2 of account")
                    .contains("\"instance\":\"i-0123456789abcdef2\""));
        await()
            .atMost(SOON)
            .untilAsserted(() ->
                assertThat(cluster.tctl("get", "db_servers").orFail().output())
                    .containsPattern("name: ec2-twin-[12]"));
        assertThat(joins("i-0123456789abcdef2")).isEqualTo(1);
        one.stop();
        other.stop();
      }
      assertThat(Stream.of("ec2-twin-1", "ec2-twin-2"))
          .filteredOn(name -> Files.exists(folder.resolve(name + "/agent/identity.pem")))
          .hasSize(1);
    }
  }
}
