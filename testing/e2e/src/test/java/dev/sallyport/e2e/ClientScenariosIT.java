package dev.sallyport.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.testkit.aws.AwsGate;
import dev.sallyport.testkit.aws.ReceivedRequest;
import dev.sallyport.testkit.aws.Weather;
import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * One scenario for each client that users come with: it puts, gets, queries, pages, writes in
 * batches and transactions, runs PartiQL, follows a stream, and is told of what fails. None of them
 * knows of the tunnel; a line before it counts what each one sends.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientScenariosIT {
  /** Some clients are a process for each request. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final GuideSite guide;
  private final Path sources = GuideFiles.repository().resolve("testing/e2e/src/test");
  private @Nullable Door open;
  private @Nullable Door denied;

  ClientScenariosIT(@TempDir Path folder) throws IOException {
    guide = new GuideSite(folder);
  }

  /** The clients, in the order of their age. */
  enum Client {
    AWS_CLI_1,
    AWS_CLI_2,
    BOTO3,
    SDK_FOR_JAVA_2,
    SDK_FOR_JAVASCRIPT_3
  }

  /** A tunnel, and the line that its clients come by. */
  private record Door(CountedLine line, RunningProcess tunnel) {
    URI endpoint() {
      return URI.create("http://localhost:" + line.port());
    }

    void close() throws IOException {
      tunnel.close();
      line.close();
    }
  }

  @BeforeAll
  void start() throws Exception {
    guide.startAll();
    open = door(GuideSite.IAM_ROLE);
    denied = door("SomeOtherRole");
  }

  private Door door(String role) throws IOException {
    CountedLine line = new CountedLine();
    int port = FreePorts.next();
    line.leadTo(port);
    return new Door(
        line,
        guide.alice.openTunnel(
            port,
            List.of(
                "--allow-host=localhost:" + line.port(), "--db-user=" + role, GuideSite.DATABASE)));
  }

  @AfterAll
  void stop() throws IOException {
    for (Door door : Stream.of(open, denied).filter(Objects::nonNull).toList()) {
      door.close();
    }
    guide.close();
  }

  @ParameterizedTest
  @EnumSource
  void everythingWorksAsWithoutATunnel(Client client) throws Exception {
    run(client, "everything", Objects.requireNonNull(open));
  }

  @ParameterizedTest
  @EnumSource
  void tablesAreMadeAndGoAndItemsAreChanged(Client client) throws Exception {
    run(client, "changes", Objects.requireNonNull(open));
  }

  @ParameterizedTest
  @EnumSource
  void aDenialIsToldAndNotTriedAgain(Client client) throws Exception {
    Door door = Objects.requireNonNull(denied);
    door.line().take();
    run(client, "denied", door);
    assertThat(door.line().take()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void whatDynamoDbThrottlesIsTriedAgainByTheClientAndByNobodyElse(Client client) throws Exception {
    Door door = Objects.requireNonNull(open);
    door.line().take();
    guide.aws.gate().forget();
    guide.aws.gate().weather(Weather.THROTTLING, 2);
    run(client, "patient", door);
    assertThat(door.line().take()).isEqualTo(3);
    assertThat(guide.aws.gate().received()).hasSize(3);
  }

  /**
   * Who looks at the checksum takes the answer for damaged: some ask once more, by a request of
   * their own, one tells the program. None could if the tunnel had put it right.
   */
  @ParameterizedTest
  @EnumSource
  void aWrongChecksumReachesTheClientWhichMayAskOnceMoreByItself(Client client) throws Exception {
    Door door = Objects.requireNonNull(open);
    door.line().take();
    guide.aws.gate().forget();
    guide.aws.gate().weather(Weather.DAMAGED, 1);
    if (client == Client.SDK_FOR_JAVA_2) {
      assertThatThrownBy(() -> run(client, "patient", door))
          .hasMessageContaining("Expected 1 as the Crc32 checksum");
    } else {
      run(client, "patient", door);
    }
    List<ReceivedRequest> received = guide.aws.gate().received();
    assertThat(received).hasSize(asksAgain(client) ? 2 : 1);
    assertThat(door.line().take()).isEqualTo(received.size());
    assertThat(received)
        .extracting(one -> new String(one.request().body(), UTF_8))
        .containsOnly("{}");
  }

  private static boolean asksAgain(Client client) {
    return switch (client) {
      case AWS_CLI_1, AWS_CLI_2, BOTO3 -> true;
      case SDK_FOR_JAVA_2, SDK_FOR_JAVASCRIPT_3 -> false;
    };
  }

  @Test
  void anAnswerWithAWrongChecksumIsPassedOnAsItCame() throws Exception {
    Door door = Objects.requireNonNull(open);
    List<HttpResponse<String>> answers = new ArrayList<>();
    try (HttpClient plain = HttpClient.newHttpClient()) {
      for (Weather weather : List.of(Weather.DAMAGED, Weather.FINE)) {
        guide.aws.gate().weather(weather, 1);
        answers.add(plain.send(listTables(door), BodyHandlers.ofString()));
      }
    }
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
    assertThat(answers.getFirst().body()).isEqualTo(answers.getLast().body());
    assertThat(answers.getFirst().headers().allValues("x-amz-crc32"))
        .containsExactly(AwsGate.WRONG_CHECKSUM);
  }

  private static HttpRequest listTables(Door door) {
    return HttpRequest.newBuilder(door.endpoint())
        .header("Content-Type", "application/x-amz-json-1.0")
        .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
        .POST(BodyPublishers.ofString("{}"))
        .build();
  }

  private void run(Client client, String what, Door door) throws Exception {
    switch (client) {
      case AWS_CLI_1 -> program(what, door, "/bin/sh", awsCli(), NeededClients.awsCli(1));
      case AWS_CLI_2 -> program(what, door, "/bin/sh", awsCli(), NeededClients.awsCli(2));
      case BOTO3 -> program(what, door, NeededClients.pythonWithBoto3(), boto3());
      case SDK_FOR_JAVA_2 -> JavaProgram.run(what, door.endpoint());
      case SDK_FOR_JAVASCRIPT_3 ->
          program(what, door, NodeClients.install().program("sdk.mjs").toArray(new String[0]));
    }
  }

  private String awsCli() {
    return sources.resolve("scripts/aws_cli.sh").toString();
  }

  private String boto3() {
    return sources.resolve("clients/boto3_program.py").toString();
  }

  private void program(String what, Door door, String... commandLine) throws IOException {
    List<String> line =
        Stream.concat(Stream.of(commandLine), Stream.of(what, door.endpoint().toString())).toList();
    try (RunningProcess program =
        Installation.at(GuideFiles.installation())
            .with(InstalledClients.ENVIRONMENT)
            .with(Map.of("HOME", guide.alice.home().toString()))
            .startAny(line)) {
      CommandResult done = program.finish("", PATIENCE).orFail();
      assertThat(done.output()).endsWith("done\n");
    }
  }
}
