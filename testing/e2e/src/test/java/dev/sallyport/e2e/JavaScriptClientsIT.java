package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The AWS SDK for JavaScript and dynamodb-admin, as npm installs them, with a tunnel between them
 * and DynamoDB.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JavaScriptClientsIT {
  /** All that one user's requests may take of the agent's memory, so that one can take it. */
  private static final int MEMORY = 1 << 20;

  private static final String LIMITS =
      """
        enabled: true
        limits:
          body_size: 1MiB
          body_memory: 2MiB
          body_memory_per_user: 1MiB
          queue_time: 10ms
      """;

  private final GuideSite guide;
  private @Nullable NodeClients clients;
  private @Nullable Robot owner;
  private Robot.@Nullable Tunnel tunnel;

  JavaScriptClientsIT(@TempDir Path folder) throws IOException {
    guide = new GuideSite(folder);
  }

  @BeforeAll
  void start() throws Exception {
    clients = NodeClients.install();
    Path file = guide.site.folder().resolve("agent.yaml");
    String text = Files.readString(file);
    assertThat(text).containsOnlyOnce("  enabled: true\n");
    Files.writeString(file, text.replace("  enabled: true\n", LIMITS));
    guide.startCluster();
    guide.createRole();
    guide.joinAgent();
    owner = Robot.add(guide, "owner", "aws-dynamodb-access", "1h");
    tunnel = owner.open(GuideSite.IAM_ROLE, GuideSite.DATABASE);
  }

  @AfterAll
  void stop() {
    if (tunnel != null) {
      tunnel.close();
    }
    guide.close();
  }

  /** With nothing but the variables that {@code tsh} prints. */
  @Test
  void theSdkReadsWritesPagesTransactsAndFollowsStreams() throws IOException {
    Map<String, String> environment = new HashMap<>(InstalledClients.ENVIRONMENT);
    environment.put("AWS_ENDPOINT_URL_DYNAMODB", endpoint(tunnel().port()));
    environment.put("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", endpoint(tunnel().port()));
    try (RunningProcess program =
        installation().with(environment).startAny(clients().program("sdk.mjs", "everything"))) {
      CommandResult done = program.finish("", Installation.PATIENCE).orFail();
      assertThat(done.output()).endsWith("done\n");
    }
  }

  @Test
  void aRefusalReachesTheSdkAsAccessDeniedAndIsNotTriedAgain() throws IOException {
    try (Robot.Tunnel wrong =
            Objects.requireNonNull(owner).open("SomeOtherRole", GuideSite.DATABASE);
        RunningProcess program = sdk("denied", wrong.port())) {
      CommandResult done = program.finish("", Installation.PATIENCE).orFail();
      assertThat(done.output())
          .startsWith("try: AccessDeniedException\ntold: 400 AccessDeniedException: ")
          .contains("SomeOtherRole")
          .endsWith("done\n")
          .containsOnlyOnce("try:");
    }
  }

  /** Another request of the user holds all the memory that the user's requests may have. */
  @Test
  void whereTheAgentHasNoRoomTheSdkSlowsDownAndTriesAgain() throws IOException {
    try (RunningProcess program = onceThrottled()) {
      CommandResult done = program.finish("", Installation.PATIENCE).orFail();
      assertThat(done.output()).endsWith("try: ok\ndone\n");
    }
  }

  /** The SDK, once it has been told to slow down; now there is room again. */
  private RunningProcess onceThrottled() throws IOException {
    try (Socket half = new Socket(InetAddress.getLoopbackAddress(), tunnel().port())) {
      half.getOutputStream().write(halfARequest());
      half.getOutputStream().flush();
      RunningProcess program = sdk("patient", tunnel().port());
      try {
        program.awaitLine("try: ThrottlingException");
        return program;
      } catch (AssertionError e) {
        program.close();
        throw e;
      }
    }
  }

  private byte[] halfARequest() {
    return """
    POST / HTTP/1.1
    Host: localhost:%d
    Content-Type: application/x-amz-json-1.0
    X-Amz-Target: DynamoDB_20120810.PutItem
    Content-Length: %d

    {\
    """
        .formatted(tunnel().port(), MEMORY)
        .replace("\n", "\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void dynamodbAdminShowsTheTablesAndTheItemsOfOne() throws Exception {
    Map<String, String> environment = new HashMap<>(InstalledClients.ENVIRONMENT);
    environment.put("DYNAMO_ENDPOINT", endpoint(tunnel().port()));
    try (RunningProcess admin =
            installation()
                .with(environment)
                .startAny(
                    clients().installed("dynamodb-admin", "--host", "127.0.0.1", "--port", "0"));
        HttpClient browser = HttpClient.newHttpClient()) {
      URI page =
          URI.create(admin.awaitLine("listening on (http://127\\.0\\.0\\.1:\\d+)").group(1) + "/");
      assertThat(get(browser, page)).contains("Customers", "Music", "Orders");
      assertThat(get(browser, page.resolve("tables/Customers"))).contains("CustomerId");
      assertThat(get(browser, page.resolve("tables/Customers/items")))
          .contains("C-1003", "Aisha Rahman", "C-1008");
    }
  }

  private static String get(HttpClient browser, URI page) throws Exception {
    HttpResponse<String> answer =
        browser.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  private RunningProcess sdk(String what, int port) throws IOException {
    return installation()
        .with(InstalledClients.ENVIRONMENT)
        .startAny(clients().program("sdk.mjs", what, endpoint(port)));
  }

  private static Installation installation() {
    return Installation.at(GuideFiles.installation());
  }

  private static String endpoint(int port) {
    return "http://localhost:" + port;
  }

  private NodeClients clients() {
    return Objects.requireNonNull(clients);
  }

  private Robot.Tunnel tunnel() {
    return Objects.requireNonNull(tunnel);
  }
}
