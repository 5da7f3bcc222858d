package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.ControlJson;
import dev.sallyport.testkit.client.InstalledClients.AwsCli;
import dev.sallyport.testkit.process.CommandResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page about tsh, with the real launchers and clients that know nothing of tunnels. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LocalClientsIT {
  private static final String USER = "--db-user=ExampleTeleportDynamoDBRole";
  private static final String DATABASE = "example-dynamodb";

  @TempDir static Path folder = Path.of("");

  private @Nullable GuideSite started;

  @BeforeAll
  void start() throws Exception {
    started = new GuideSite(folder);
    started.startAll();
  }

  @AfterAll
  void stop() throws IOException {
    if (started != null) {
      started.alice.tsh("proxy", "stop", "--all");
      started.close();
    }
  }

  private GuideSite site() {
    return Objects.requireNonNull(started, "not started");
  }

  private CommandResult tsh(String... arguments) throws IOException {
    return site().alice.tsh(arguments);
  }

  private JsonNode background(String... more) throws IOException {
    String[] first = {"proxy", "db", "--tunnel", "--background", "-f", "json", USER, DATABASE};
    String[] all = new String[first.length + more.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(more, 0, all, first.length, more.length);
    return ControlJson.MAPPER.readTree(tsh(all).orFail().output()).get(0);
  }

  private String id() throws IOException {
    return ControlJson.MAPPER
        .readTree(tsh("proxy", "ls", "-f", "json").orFail().output())
        .get(0)
        .path("id")
        .stringValue();
  }

  /** The printed variables, as a shell hands them on. */
  private CommandResult inShell(String variables, String command) throws IOException {
    return site().alice.run(Map.of(), List.of("/bin/sh", "-c", variables + command));
  }

  @Test
  void aTunnelInTheBackgroundOutlivesItsCommandAndEndsWhenStopped() throws Exception {
    JsonNode tunnel = background();
    URI endpoint = URI.create(tunnel.path("endpoint").stringValue());
    assertThat(list(endpoint, "us-east-1", "DynamoDB_20120810.ListTables").statusCode())
        .isEqualTo(200);
    String listed = tsh("proxy", "ls").orFail().output();
    assertThat(listed).contains(DATABASE, tunnel.path("address").stringValue());
    String id = id();
    assertThat(tsh("proxy", "stop", id).orFail().output())
        .isEqualTo("Stopped tunnel " + id + ".\n");
    assertThat(tsh("proxy", "ls", "-f", "json").orFail().output()).isEqualTo("[]\n");
    try (var left = Files.list(site().alice.home().resolve(".tsh/proxies"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void aKilledOneIsNotListedThoughItsNumberMayLiveAgain() throws Exception {
    background();
    long pid =
        ControlJson.MAPPER
            .readTree(tsh("proxy", "ls", "-f", "json").orFail().output())
            .get(0)
            .path("pid")
            .longValue();
    ProcessHandle process = ProcessHandle.of(pid).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
    assertThat(tsh("proxy", "ls", "-f", "json").orFail().output()).isEqualTo("[]\n");
  }

  /** With HTTP_PROXY set, boto3 would send requests for localhost to the company's proxy. */
  @Test
  void boto3GoesPastTheCompanysProxyWithThePrintedVariables() throws Exception {
    String command = NeededClients.pythonWithBoto3();
    background();
    String variables = tsh("db", "env", DATABASE).orFail().output();
    AtomicInteger seen = new AtomicInteger();
    try (ServerSocket company = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                company.accept().close();
                seen.incrementAndGet();
              }
            } catch (IOException e) {
              // closed
            }
          });
      String proxy = "http://127.0.0.1:" + company.getLocalPort();
      String python =
          command
              + " -c \"import boto3, botocore.config as c; print(boto3.client('dynamodb',"
              + " config=c.Config(retries={'total_max_attempts': 1}))"
              + ".list_tables()['TableNames'])\"";
      String exported = "export HTTP_PROXY=%1$s http_proxy=%1$s\n".formatted(proxy);
      CommandResult tables = inShell(exported + variables, python).orFail();
      assertThat(tables.output()).startsWith("[");
      assertThat(seen).hasValue(0);
      // Without the printed exception it would: so the test sees what it says.
      CommandResult without = inShell(exported + variables + "unset NO_PROXY no_proxy\n", python);
      assertThat(without.exitCode()).isNotZero();
      assertThat(seen.get()).isPositive();
    } finally {
      tsh("proxy", "stop", "--all").orFail();
    }
  }

  @Test
  void aStrictTunnelTakesNoClientWithoutItsKey() throws Exception {
    JsonNode tunnel = background("--strict");
    URI endpoint = URI.create(tunnel.path("endpoint").stringValue());
    HttpResponse<String> unsigned = list(endpoint, "local", "DynamoDB_20120810.ListTables");
    assertThat(unsigned.statusCode()).isEqualTo(400);
    assertThat(unsigned.body()).contains("UnrecognizedClientException");
    tsh("proxy", "stop", "--all").orFail();
  }

  @Test
  void aStrictTunnelTakesTheClientsThatWereGivenItsKeyAndNoOthers() throws Exception {
    String python = NeededClients.pythonWithBoto3();
    background("--strict");
    String variables = tsh("db", "env", DATABASE).orFail().output();
    String list = python + " -c \"import boto3; print(boto3.client('dynamodb').list_tables())\"";
    assertThat(inShell(variables, list).orFail().output()).contains("TableNames");
    CommandResult wrong = inShell(variables + "export AWS_SECRET_ACCESS_KEY=guessed\n", list);
    assertThat(wrong.exitCode()).isNotZero();
    assertThat(wrong.errors()).contains("InvalidSignatureException");
    tsh("proxy", "stop", "--all").orFail();
  }

  @Test
  void aStrictTunnelTakesTheAwsCliWithItsKey() throws Exception {
    List<AwsCli> clis = NeededClients.awsClis();
    background("--strict");
    String variables = tsh("db", "env", DATABASE).orFail().output();
    for (AwsCli aws : clis) {
      assertThat(inShell(variables, listing(aws)).orFail().output())
          .as(aws.command())
          .contains("TableNames");
    }
    tsh("proxy", "stop", "--all").orFail();
  }

  @Test
  void aProgramRunsWithTheTunnelAroundIt() throws Exception {
    for (AwsCli aws : NeededClients.awsClis()) {
      CommandResult tables =
          tsh("db", "connect", USER, DATABASE, "--", "sh", "-c", listing(aws)).orFail();
      assertThat(tables.output()).contains("TableNames").doesNotContain("Connected");
    }
    assertThat(tsh("db", "connect", USER, DATABASE, "--", "sh", "-c", "exit 5").exitCode())
        .isEqualTo(5);
  }

  /** Versions of before 1.29 and 2.13 do not look at the endpoint in the environment. */
  private static String listing(AwsCli aws) {
    String command = aws.command() + " dynamodb list-tables";
    return aws.readsEndpoints()
        ? command
        : command + " --endpoint-url \"$AWS_ENDPOINT_URL_DYNAMODB\"";
  }

  /** What NoSQL Workbench sends: region `local`, made-up keys, streams on the same port. */
  @Test
  void workbenchsRequestsPass() throws Exception {
    JsonNode tunnel = background();
    URI endpoint = URI.create(tunnel.path("endpoint").stringValue());
    HttpResponse<String> tables = list(endpoint, "local", "DynamoDB_20120810.ListTables");
    assertThat(tables.statusCode()).as(tables.body()).isEqualTo(200);
    assertThat(tables.body()).contains("TableNames");
    HttpResponse<String> streams = list(endpoint, "local", "DynamoDBStreams_20120810.ListStreams");
    assertThat(streams.statusCode()).as(streams.body()).isEqualTo(200);
    assertThat(streams.body()).contains("Streams");
    tsh("proxy", "stop", "--all").orFail();
  }

  private static HttpResponse<String> list(URI endpoint, String region, String target)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(endpoint.resolve("/"))
              .version(HttpClient.Version.HTTP_1_1)
              .header("Content-Type", RawRequest.CONTENT_TYPE)
              .header("X-Amz-Target", target)
              .header("X-Amz-Date", "20300101T000000Z")
              // As the SDK for JavaScript: AWS takes it only under a signature.
              .header("X-Amz-User-Agent", "aws-sdk-js/3.896.0")
              .header(
                  "Authorization",
                  "AWS4-HMAC-SHA256 Credential=fakeMyKeyId/20300101/"
                      + region
                      + "/dynamodb/aws4_request, SignedHeaders=host;x-amz-date;x-amz-target,"
                      + " Signature="
                      + "0".repeat(64))
              .POST(BodyPublishers.ofString("{}"))
              .build(),
          BodyHandlers.ofString());
    }
  }
}
