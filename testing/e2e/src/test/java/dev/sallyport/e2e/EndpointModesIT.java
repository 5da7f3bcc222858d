package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ReceivedRequest;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.tls.PublicAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which host a request goes to, for each kind of endpoint and each of the three services: the name
 * that is looked up, dialled and asked for in TLS, and the one that is signed. STS is asked at an
 * endpoint of the same kind.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(OS.LINUX)
final class EndpointModesIT {
  private static final List<String> TARGETS =
      List.of(
          "DynamoDB_20120810.ListTables",
          "DynamoDBStreams_20120810.ListStreams",
          "AmazonDAXV3.DescribeClusters");
  private static final String VPC =
      "vpce-0123456789abcdef0-abcdefgh.dynamodb.us-east-1.vpce.amazonaws.com";
  private static final List<String> STS =
      List.of(
          "sts.us-east-1.amazonaws.com",
          "sts-fips.us-east-1.amazonaws.com",
          "sts.us-east-1.api.aws",
          "sts-fips.us-east-1.api.aws");

  /** The endpoints of DynamoDB, Streams and DAX, and what a database says to get them. */
  enum Mode {
    REGIONAL(
        "",
        "",
        "dynamodb.us-east-1.amazonaws.com",
        "streams.dynamodb.us-east-1.amazonaws.com",
        "dax.us-east-1.amazonaws.com"),
    DUAL_STACK(
        "",
        "use_dualstack_endpoint: yes",
        "dynamodb.us-east-1.api.aws",
        "streams-dynamodb.us-east-1.api.aws",
        "dax.us-east-1.api.aws"),
    FIPS(
        "",
        "use_fips_endpoint: yes",
        "dynamodb-fips.us-east-1.amazonaws.com",
        "streams.dynamodb-fips.us-east-1.amazonaws.com",
        "dax-fips.us-east-1.amazonaws.com"),
    FIPS_BY_NAME(
        "uri: dynamodb-fips.us-east-1.api.aws:443",
        "",
        "dynamodb-fips.us-east-1.api.aws",
        "streams-dynamodb-fips.us-east-1.api.aws",
        "dax-fips.us-east-1.api.aws"),
    ACCOUNT(
        "",
        "account_id_endpoint_mode: required",
        "123456789012.ddb.us-east-1.amazonaws.com",
        "streams.dynamodb.us-east-1.amazonaws.com",
        "dax.us-east-1.amazonaws.com"),
    VPC_ENDPOINT("uri: " + VPC + ":443", "", VPC, VPC, VPC),
    OF_ITS_OWN(
        """
        uri: orders.internal.example.com:443
              streams_uri: streams.internal.example.com:443
              dax_uri: dax.internal.example.com:443\
        """,
        "",
        "orders.internal.example.com",
        "streams.internal.example.com",
        "dax.internal.example.com");

    private final String ofDatabase;
    private final String ofAws;
    private final String dynamoDb;
    private final String streams;
    private final String dax;

    Mode(String ofDatabase, String ofAws, String dynamoDb, String streams, String dax) {
      this.ofDatabase = ofDatabase;
      this.ofAws = ofAws;
      this.dynamoDb = dynamoDb;
      this.streams = streams;
      this.dax = dax;
    }

    private List<String> hosts() {
      return List.of(dynamoDb, streams, dax);
    }

    private String database() {
      return "mode-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private String text() {
      return "    - name: %s\n      protocol: dynamodb\n%s      static_labels:\n        env: dev\n      aws:\n        region: us-east-1\n        account_id: \"123456789012\"\n%s"
          .formatted(
              database(),
              ofDatabase.isEmpty() ? "" : "      " + ofDatabase + "\n",
              ofAws.isEmpty() ? "" : "        " + ofAws + "\n");
    }
  }

  /** Where STS is asked for sessions of such a database. */
  private static Optional<String> sts(Mode mode) {
    return switch (mode) {
      case REGIONAL -> Optional.of("sts.us-east-1.amazonaws.com");
      case DUAL_STACK -> Optional.of("sts.us-east-1.api.aws");
      case FIPS -> Optional.of("sts-fips.us-east-1.amazonaws.com");
      default -> Optional.empty();
    };
  }

  private final Path folder;
  private final GuideSite guide;
  private final PublicAuthority authority =
      new PublicAuthority("Authority of the AWS on this machine", InstantSource.system().instant());
  private @Nullable AwsNames names;
  private @Nullable Robot robot;

  EndpointModesIT(@TempDir Path folder) throws IOException {
    this.folder = folder;
    guide =
        new GuideSite(
            folder,
            AwsStandIn.start(
                AwsStandIn.Account.example(),
                InstantSource.system(),
                (request, caller) -> ScriptedUpstream.json(200, "R", "{}"),
                Optional.empty()));
  }

  @BeforeAll
  void start() throws IOException {
    names = names();
    guide.startCluster();
    guide.createRole();
    startAgent();
    robot = Robot.add(guide, "owner", "aws-dynamodb-access", "1h");
  }

  @AfterAll
  void stop() throws IOException {
    guide.close();
    if (names != null) {
      names.close();
    }
  }

  private AwsNames names() {
    Map<String, Integer> targets = new LinkedHashMap<>();
    for (Mode mode : Mode.values()) {
      mode.hosts().forEach(host -> targets.put(host, guide.aws.dynamoDbUri().getPort()));
    }
    STS.forEach(host -> targets.put(host, guide.aws.stsUri().getPort()));
    try {
      return new AwsNames(folder, authority, targets);
    } catch (IOException e) {
      return Assumptions.abort("port 443 of this machine can't be had: " + e.getMessage());
    }
  }

  private void startAgent() throws IOException {
    Path file = guide.site.folder().resolve("agent.yaml");
    String text = Files.readString(file);
    StringBuilder all = new StringBuilder(text.substring(0, text.indexOf("    - name:")));
    for (Mode mode : Mode.values()) {
      all.append(mode.text());
    }
    Files.writeString(file, all);
    Files.writeString(
        guide.site.folder().resolve("token"),
        guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.keySet().removeIf(name -> name.startsWith("AWS_ENDPOINT_URL"));
    environment.put(
        "AWS_CA_BUNDLE", authority.writeCertificate(folder.resolve("aws-ca.pem")).toString());
    environment.put("SALLYPORT_JAVA_OPTS", awsNames().javaOption());
    RunningProcess agent = guide.site.startService(file, environment);
    agent.awaitLine("\\[DB\\].*serving");
  }

  private AwsNames awsNames() {
    return Objects.requireNonNull(names, "not started");
  }

  @ParameterizedTest
  @EnumSource
  void theHostThatIsSignedIsTheOneThatIsDialled(Mode mode) throws IOException {
    guide.aws.gate().forget();
    try (Robot.Tunnel tunnel =
        Objects.requireNonNull(robot, "not started").open(GuideSite.IAM_ROLE, mode.database())) {
      for (String target : TARGETS) {
        try (RawClient client = new RawClient(tunnel.port())) {
          RawRequest.of(
                  target, target, "{}".getBytes(StandardCharsets.UTF_8), RawRequest.Form.SIZED)
              .sendBy(client, tunnel.port());
          RawClient.Got got = client.read();
          assertThat(got.status()).as(target + ": " + got.text()).isEqualTo(200);
        }
      }
    }
    List<String> signed = new ArrayList<>();
    for (ReceivedRequest received : guide.aws.gate().take()) {
      assertThat(received.refusal()).isEmpty();
      assertThat(received.request().only("Authorization").orElse(""))
          .containsPattern("SignedHeaders=[^,]*\\bhost\\b");
      signed.add(received.request().only("Host").orElse(""));
    }
    assertThat(signed).isEqualTo(mode.hosts());
    assertThat(awsNames().dialled()).containsAll(mode.hosts());
    sts(mode).ifPresent(host -> assertThat(awsNames().dialled()).contains(host));
  }
}
