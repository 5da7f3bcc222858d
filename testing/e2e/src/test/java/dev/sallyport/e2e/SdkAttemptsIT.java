package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.e2e.ClientScenariosIT.Client;
import dev.sallyport.testkit.client.InstalledClients;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often clients, with the retries that they come with, send a request that tsh or the agent
 * does not take, by what arrives at the tunnel: what is refused once, whatever its status; overload
 * and outage more often.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SdkAttemptsIT {
  private static final Logger log = LoggerFactory.getLogger(SdkAttemptsIT.class);

  /** Some pause for longer and longer before each of ten tries. */
  private static final Duration PATIENCE = Duration.ofMinutes(4);

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
          read_timeout: 10m
      """;

  private static final String UNREACHABLE =
      """
          - name: "unreachable"
            protocol: "dynamodb"
            uri: "http://127.0.0.1:PORT"
            static_labels:
              env: "dev"
            aws:
              region: "us-east-1"
              account_id: "123456789012"
      """;

  private final GuideSite guide;
  private final Map<Answer, CountedLine> lines = new EnumMap<>(Answer.class);
  private final Map<Answer, RunningProcess> tunnels = new EnumMap<>(Answer.class);
  private final Map<Answer, Integer> ports = new EnumMap<>(Answer.class);
  private @Nullable Holder holder;
  private String keyOfTheForged = "";

  SdkAttemptsIT(@TempDir Path folder) throws IOException {
    guide = new GuideSite(folder);
  }

  /** What a client gets, from us alone; the request that gets it, and whether it is tried again. */
  private enum Answer {
    DENIED("plain", 400, "AccessDeniedException", false),
    EXPIRED("plain", 400, "ExpiredTokenException", false),
    STRANGER("plain", 400, "UnrecognizedClientException", false),
    FORGED("plain", 400, "InvalidSignatureException", false),
    FOREIGN_HOST("plain", 403, "AccessDeniedException", false),
    TOO_LARGE_FOR_THE_AGENT("large", 413, "RequestEntityTooLargeException", false),
    TOO_LARGE_FOR_TSH("huge", 413, "ValidationException", false),
    TOO_LONG_A_HEAD("long", 431, "ValidationException", false),
    OVERLOAD("plain", 400, "ThrottlingException", true),
    OUTAGE("plain", 503, "ServiceUnavailableException", true);

    private final String request;
    private final int status;
    private final String told;
    private final boolean again;

    Answer(String request, int status, String told, boolean again) {
      this.request = request;
      this.status = status;
      this.told = told;
      this.again = again;
    }
  }

  @BeforeAll
  void start() throws Exception {
    Path file = guide.site.folder().resolve("agent.yaml");
    String text = Files.readString(file);
    assertThat(text).containsOnlyOnce("  enabled: true\n");
    Files.writeString(
        file,
        text.replace("  enabled: true\n", LIMITS)
            + UNREACHABLE.replace("PORT", Integer.toString(FreePorts.next())));
    guide.startAll();
    Robot busy = Robot.add(guide, "busy", "aws-dynamodb-access", "1h");
    Robot late = Robot.add(guide, "late", "aws-dynamodb-access", "1m");
    for (Answer answer : Answer.values()) {
      CountedLine line = new CountedLine();
      lines.put(answer, line);
      int port = FreePorts.next();
      line.leadTo(port);
      ports.put(answer, port);
      tunnels.put(answer, open(answer, port, line.port(), busy, late));
    }
    for (Answer answer : Answer.values()) {
      awaitOpen(answer);
    }
    holder = new Holder(port(Answer.OVERLOAD));
    awaitAnswer(Answer.OVERLOAD);
    awaitAnswer(Answer.EXPIRED);
  }

  private RunningProcess open(Answer answer, int port, int comingBy, Robot busy, Robot late)
      throws IOException {
    List<String> door = new ArrayList<>();
    if (answer != Answer.FOREIGN_HOST) {
      door.add("--allow-host=localhost:" + comingBy);
    }
    if (answer == Answer.STRANGER || answer == Answer.FORGED) {
      door.addAll(List.of("--strict", "--format=bash"));
    }
    String role = answer == Answer.DENIED ? "SomeOtherRole" : GuideSite.IAM_ROLE;
    String database = answer == Answer.OUTAGE ? "unreachable" : GuideSite.DATABASE;
    return switch (answer) {
      case OVERLOAD -> busy.open(port, role, database, door).process();
      case EXPIRED -> late.open(port, role, database, door).process();
      default -> {
        door.add("--db-user=" + role);
        door.add(database);
        yield guide.alice.startTunnel(port, door);
      }
    };
  }

  private void awaitOpen(Answer answer) {
    RunningProcess tunnel = Objects.requireNonNull(tunnels.get(answer));
    if (answer == Answer.STRANGER || answer == Answer.FORGED) {
      Matcher key = tunnel.awaitLine("export AWS_ACCESS_KEY_ID='(TUNNEL\\w+)'");
      if (answer == Answer.FORGED) {
        keyOfTheForged = key.group(1);
      }
      tunnel.awaitLine("no_proxy=");
    } else {
      tunnel.awaitLine("Started authenticated tunnel");
    }
  }

  /** What the client takes for a key; its secret is never the right one. */
  private String key(Answer answer) {
    return answer == Answer.FORGED ? keyOfTheForged : "tunnel";
  }

  /** Memory is held, and a certificate ends, a while later. */
  private void awaitAnswer(Answer answer) {
    Awaitility.await(answer.toString())
        .atMost(PATIENCE)
        .until(() -> {
          LinedSite.Seen seen =
              LinedSite.ask(port(answer), "attempts", (int) Duration.ofSeconds(30).toMillis());
          return seen.status() == answer.status && seen.text().contains(answer.told);
        });
  }

  private int port(Answer answer) {
    return Objects.requireNonNull(ports.get(answer));
  }

  @AfterAll
  void stop() throws IOException {
    if (holder != null) {
      holder.close();
    }
    for (CountedLine line : lines.values()) {
      line.close();
    }
    tunnels.values().forEach(RunningProcess::close);
    guide.close();
  }

  /** Everything at once, for some clients are patient. */
  @ParameterizedTest
  @EnumSource
  void whatIsRefusedIsSentOnceAndOverloadAndOutageMoreOften(Client client) throws Exception {
    Call call = call(client);
    Map<Answer, Integer> attempts = new EnumMap<>(Answer.class);
    Map<Answer, String> told = new EnumMap<>(Answer.class);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Map<Answer, Future<String>> calls = new EnumMap<>(Answer.class);
      lines.forEach((answer, line) -> {
        line.take();
        URI endpoint = URI.create("http://localhost:" + line.port());
        calls.put(answer, threads.submit(() -> call.run(answer.request, endpoint, key(answer))));
      });
      for (Answer answer : Answer.values()) {
        told.put(answer, Objects.requireNonNull(calls.get(answer)).get());
        attempts.put(answer, Objects.requireNonNull(lines.get(answer)).take());
      }
    }
    log.info("{} sends {}", client, attempts);
    for (Answer answer : Answer.values()) {
      assertThat(told.get(answer)).as("%s", answer).isEqualTo(answer.told);
      assertThat(attempts.get(answer))
          .as("%s: %s", answer, attempts)
          .isEqualTo(answer.again ? tries(client) : 1);
    }
  }

  /** How often a client sends what may heal, by the rule that it comes with. */
  private static int tries(Client client) {
    return switch (client) {
      case AWS_CLI_1, BOTO3 -> 10;
      case AWS_CLI_2, SDK_FOR_JAVASCRIPT_3 -> 3;
      case SDK_FOR_JAVA_2 -> 9;
    };
  }

  private interface Call {
    /** The code of the error that the program is told. */
    String run(String request, URI endpoint, String key) throws IOException;
  }

  private Call call(Client client) throws Exception {
    return switch (client) {
      case AWS_CLI_1 -> program("/bin/sh", source("scripts/aws_cli.sh"), NeededClients.awsCli(1));
      case AWS_CLI_2 -> program("/bin/sh", source("scripts/aws_cli.sh"), NeededClients.awsCli(2));
      case BOTO3 -> program(NeededClients.pythonWithBoto3(), source("clients/boto3_program.py"));
      case SDK_FOR_JAVA_2 -> JavaProgram::told;
      case SDK_FOR_JAVASCRIPT_3 ->
          program(NodeClients.install().program("sdk.mjs").toArray(new String[0]));
    };
  }

  private static String source(String name) {
    return GuideFiles.repository().resolve("testing/e2e/src/test").resolve(name).toString();
  }

  private Call program(String... commandLine) {
    return (request, endpoint, key) -> {
      List<String> line =
          Stream.concat(Stream.of(commandLine), Stream.of(request, endpoint.toString())).toList();
      try (RunningProcess process =
          Installation.at(GuideFiles.installation())
              .with(InstalledClients.ENVIRONMENT)
              .with(Map.of("HOME", guide.alice.home().toString(), "AWS_ACCESS_KEY_ID", key))
              .startAny(line)) {
        String output = process.finish("", PATIENCE).orFail().output();
        return output
            .lines()
            .filter(word -> word.startsWith("told "))
            .map(word -> word.substring("told ".length()))
            .findFirst()
            .orElse(output);
      }
    };
  }

  /** A request that holds all memory of its user, since its body comes byte after byte. */
  private static final class Holder implements AutoCloseable {
    private final Socket socket;
    private final Thread drip;

    Holder(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.getOutputStream().write(head(port));
      drip = Thread.ofVirtual().name("holder").start(this::drip);
    }

    private static byte[] head(int port) {
      return """
      POST / HTTP/1.1
      Host: localhost:%d
      Content-Type: application/x-amz-json-1.0
      X-Amz-Target: DynamoDB_20120810.PutItem
      Content-Length: %d

      {\
      """
          .formatted(port, MEMORY)
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.UTF_8);
    }

    private void drip() {
      Awaitility.await("the end of the tests")
          .pollInterval(Duration.ofSeconds(3))
          .atMost(Duration.ofHours(1))
          .until(() -> {
            try {
              socket.getOutputStream().write(' ');
              return false;
            } catch (IOException closed) {
              return true;
            }
          });
    }

    @Override
    public void close() throws IOException {
      socket.close();
      try {
        drip.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
