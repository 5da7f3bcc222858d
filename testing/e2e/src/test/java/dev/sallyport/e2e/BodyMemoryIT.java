package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What large bodies cost real processes, at worst: 256 programs that send 16 MB each at once. */
@Tag("long")
@EnabledOnOs(OS.LINUX)
final class BodyMemoryIT {
  private static final Logger log = LoggerFactory.getLogger(BodyMemoryIT.class);
  private static final int PROGRAMS = 256;
  private static final int BODY_BYTES = 16 << 20;
  private static final int PATIENCE_MILLIS = 180_000;

  /** What {@code docs/operations.md} says that a process takes beside its heap, in KiB. */
  private static final long BESIDE_THE_HEAP = 384 << 10;

  /** Of the agent; the rest hold no bodies, and get as much. */
  private static final long HEAP = 512 << 10;

  private static final Map<String, String> BOUNDED = Map.of("SALLYPORT_JAVA_OPTS", "-Xmx512m");

  @Test
  void bodiesOf256ProgramsAtOnceStayWithinTheMemoryOfEachProcess(@TempDir Path folder)
      throws Exception {
    AwsStandIn aws =
        AwsStandIn.start(
            AwsStandIn.Account.example(),
            InstantSource.system(),
            (request, caller) -> ScriptedUpstream.json(200, "R", "{\"UnprocessedItems\":{}}"),
            Optional.empty());
    try (GuideSite guide = new GuideSite(folder, aws)) {
      RunningProcess cluster = guide.site.startCluster(BOUNDED);
      guide.createRole();
      RunningProcess agent = startAgent(guide);
      try (Robot.Tunnel tunnel =
          Robot.add(guide, "owner", "aws-dynamodb-access", "1h")
              .open(GuideSite.IAM_ROLE, GuideSite.DATABASE)) {
        Map<String, Integer> answers = answers(tunnel.port());
        log.info("answers: {}", answers);
        log.info(
            "peaks in KiB: agent {}, cluster {}, tsh {}",
            peak(agent),
            peak(cluster),
            peak(tunnel.process()));
        assertThat(answers.keySet())
            .isSubsetOf("200", "400 ThrottlingException", "503 ServiceUnavailableException");
        assertThat(answers.get("200")).isPositive();
        assertThat(answers.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(PROGRAMS);
        assertThat((int) aws.gateServer().connections()).isPositive();
        for (RunningProcess process : List.of(agent, cluster, tunnel.process())) {
          assertThat(process.alive()).isTrue();
          assertThat(peak(process)).isLessThan(HEAP + BESIDE_THE_HEAP);
          assertThat(process.transcript()).doesNotContain("OutOfMemory");
        }
      }
    }
  }

  private static RunningProcess startAgent(GuideSite guide) throws IOException {
    Files.writeString(
        guide.site.folder().resolve("token"),
        guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.putAll(BOUNDED);
    RunningProcess agent =
        guide.site.startService(guide.site.folder().resolve("agent.yaml"), environment);
    agent.awaitLine("\\[DB\\].*serving");
    return agent;
  }

  /** How many programs saw what. */
  private static Map<String, Integer> answers(int port) throws Exception {
    byte[] body = body();
    List<Future<String>> all = new ArrayList<>();
    Map<String, Integer> answers = new TreeMap<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < PROGRAMS; i++) {
        all.add(threads.submit(program(port, "large-" + i, body, threads)));
      }
      for (Future<String> each : all) {
        answers.merge(each.get(), 1, Integer::sum);
      }
    }
    return answers;
  }

  private static byte[] body() {
    ByteArrayOutputStream body = new ByteArrayOutputStream(BODY_BYTES);
    byte[] text = "{\"RequestItems\":{},\"Padding\":\"".getBytes(StandardCharsets.US_ASCII);
    byte[] padding = new byte[BODY_BYTES - text.length - 2];
    Arrays.fill(padding, (byte) 'x');
    body.writeBytes(text);
    body.writeBytes(padding);
    body.writeBytes("\"}".getBytes(StandardCharsets.US_ASCII));
    return body.toByteArray();
  }

  private static Callable<String> program(
      int port, String id, byte[] body, ExecutorService threads) {
    return () -> {
      try (RawClient client = new RawClient(port, PATIENCE_MILLIS)) {
        // An answer may come before the whole request is sent.
        Future<?> sending = threads.submit(() -> send(client, port, id, body));
        RawClient.Got got = client.read();
        sending.cancel(true);
        return got.status() == 200 ? "200" : got.status() + " " + type(got.text());
      } catch (IOException e) {
        return e.toString();
      }
    };
  }

  private static void send(RawClient client, int port, String id, byte[] body) {
    try {
      RawRequest.of(id, "DynamoDB_20120810.BatchWriteItem", body, RawRequest.Form.SIZED)
          .sendBy(client, port);
    } catch (IOException e) {
      // Turned away; the answer tells.
    }
  }

  private static String type(String error) {
    return error.replaceFirst("(?s)\\{\"__type\":\"[^\"]*#(\\w+)\".*", "$1");
  }

  /** The most memory that it ever had, in KiB. */
  private static long peak(RunningProcess process) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
