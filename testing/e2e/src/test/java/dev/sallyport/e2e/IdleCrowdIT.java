package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.BareTunnels;
import dev.sallyport.testkit.site.FreePorts;
import dev.sallyport.testkit.site.Laptop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that rest, in real processes: of programs at one tsh, and of tunnels at one Proxy and
 * one agent. Those who come anew are answered meanwhile, those that rest are answered afterwards,
 * and no process takes more memory than the pages say.
 *
 * <p>A process may have as many descriptors as {@code ulimit -n} says, and the Proxy needs two for
 * each tunnel: where that allows fewer, there are fewer tunnels, and the log says so; where the
 * environment asks for everything, the test fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledOnOs(OS.LINUX)
final class IdleCrowdIT {
  private static final Logger log = LoggerFactory.getLogger(IdleCrowdIT.class);
  private static final int MANY = 10_000;
  private static final int SOME = 1_000;

  /** A tunnel takes 1,024 connections of programs: ten databases take all. */
  private static final int DATABASES = 10;

  private static final int DESCRIPTORS_FOR_OTHERS = 500;
  private static final int PATIENCE_MILLIS = 60_000;
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

  /** What {@code docs/operations.md} says that a process takes beside its heap, in KiB. */
  private static final long BESIDE_THE_HEAP = 384 << 10;

  private static final long HEAP = 512 << 10;
  private static final Map<String, String> BOUNDED = Map.of("SALLYPORT_JAVA_OPTS", "-Xmx512m");

  private final GuideSite guide;
  private final List<Integer> ports = new ArrayList<>();
  private @Nullable RunningProcess cluster;
  private @Nullable RunningProcess agent;
  private @Nullable RunningProcess tsh;

  IdleCrowdIT(@TempDir Path folder) throws IOException {
    guide =
        new GuideSite(
            folder,
            AwsStandIn.start(
                AwsStandIn.Account.example(),
                InstantSource.system(),
                (request, caller) -> ScriptedUpstream.json(200, "R", "{\"TableNames\":[]}"),
                Optional.empty()));
  }

  @BeforeAll
  void start() throws IOException {
    cluster = guide.site.startCluster(BOUNDED);
    guide.createRole();
    agent = startAgent();
    Robot.add(guide, "owner", "aws-dynamodb-access", "1h");
    Laptop machine = guide.site.laptop("crowd", BOUNDED);
    List<String> more = new ArrayList<>();
    Set<Integer> distinct = new LinkedHashSet<>();
    while (distinct.size() < DATABASES) {
      distinct.add(FreePorts.next());
    }
    ports.addAll(distinct);
    for (int port : ports.subList(1, DATABASES)) {
      more.add("--port=" + port);
    }
    more.addAll(
        List.of(
            "-i",
            identity().toString(),
            "--proxy=" + guide.site.proxyAddress(),
            "--db-user=" + GuideSite.IAM_ROLE));
    more.addAll(databases());
    tsh = machine.openTunnel(ports.getFirst(), more);
  }

  @AfterAll
  void stop() {
    Optional.ofNullable(tsh).ifPresent(RunningProcess::close);
    guide.close();
  }

  private Path identity() {
    return guide.site.folder().resolve("owner.pem");
  }

  private static List<String> databases() {
    List<String> names = new ArrayList<>(List.of(GuideSite.DATABASE));
    for (int i = 1; i < DATABASES; i++) {
      names.add(GuideSite.DATABASE + "-" + i);
    }
    return names;
  }

  /** Serves the guide's database under ten names, and lets one user have all connections. */
  private RunningProcess startAgent() throws IOException {
    Path file = guide.site.folder().resolve("agent.yaml");
    String text = Files.readString(file);
    String first = text.substring(text.indexOf("    - name:"));
    StringBuilder all = new StringBuilder(text);
    for (String name : databases().subList(1, DATABASES)) {
      all.append(first.replace('"' + GuideSite.DATABASE + '"', '"' + name + '"'));
    }
    Files.writeString(
        file,
        all.toString()
            .replace(
                "  enabled: true\n",
                "  enabled: true\n  limits:\n    connections_per_user: 20000\n"));
    Files.writeString(
        guide.site.folder().resolve("token"),
        guide.site.tctl("tokens", "add", "--type=db", "--format=text").orFail().output());
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.putAll(BOUNDED);
    RunningProcess process = guide.site.startService(file, environment);
    process.awaitLine("\\[DB\\].*serving");
    return process;
  }

  @Test
  void aThousandProgramsThatRestAtOneTshAreAnsweredAfterwards() throws IOException {
    programsRest(SOME);
  }

  @Test
  @Tag("long")
  void tenThousandProgramsThatRestAtOneTshAreAnsweredAfterwards() throws IOException {
    programsRest(MANY);
  }

  private void programsRest(int count) throws IOException {
    RunningProcess process = Objects.requireNonNull(tsh, "not started");
    List<Socket> programs = new ArrayList<>();
    try {
      long before = memory(process, "VmRSS");
      for (int i = 0; i < count; i++) {
        int port = ports.get(i % DATABASES);
        Socket program = new Socket(InetAddress.getLoopbackAddress(), port);
        programs.add(program);
        program.setSoTimeout(PATIENCE_MILLIS);
        answered(program, port);
      }
      newRequestsAreAnswered();
      log.info(
          "{} programs at rest cost tsh {} KiB; its peak: {} KiB",
          count,
          memory(process, "VmRSS") - before,
          memory(process, "VmHWM"));
      assertThat(memory(process, "VmHWM")).isLessThan(HEAP + BESIDE_THE_HEAP);
      for (int i = 0; i < count; i++) {
        answered(programs.get(i), ports.get(i % DATABASES));
      }
    } finally {
      for (Socket program : programs) {
        program.close();
      }
    }
    newRequestsAreAnswered();
  }

  @Test
  void aThousandTunnelsThatRestAtOneProxyAndOneAgentAreAnsweredAfterwards() throws Exception {
    tunnelsRest(SOME);
  }

  @Test
  @Tag("long")
  void tenThousandTunnelsThatRestAtOneProxyAndOneAgentAreAnsweredAfterwards() throws Exception {
    tunnelsRest(affordable());
  }

  private static int affordable() {
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long descriptors = system.getMaxFileDescriptorCount();
    long fit = (descriptors - DESCRIPTORS_FOR_OTHERS) / 2;
    if (fit >= MANY) {
      return MANY;
    }
    NeededClients.unlessRequired(
        fit + " tunnels instead of " + MANY + ", since ulimit -n is " + descriptors);
    return (int) fit;
  }

  private void tunnelsRest(int count) throws Exception {
    RunningProcess proxy = Objects.requireNonNull(cluster, "not started");
    RunningProcess database = Objects.requireNonNull(agent, "not started");
    long proxyBefore = memory(proxy, "VmRSS");
    long agentBefore = memory(database, "VmRSS");
    try (BareTunnels tunnels =
        new BareTunnels(guide.site.proxyAddress(), GuideSite.DATABASE, GuideSite.IAM_ROLE)) {
      tunnels.open(IdentityFile.read(identity()), count);
      newRequestsAreAnswered();
      log.info(
          "{} tunnels at rest cost the cluster {} KiB and the agent {} KiB; peaks: {} and {} KiB",
          count,
          memory(proxy, "VmRSS") - proxyBefore,
          memory(database, "VmRSS") - agentBefore,
          memory(proxy, "VmHWM"),
          memory(database, "VmHWM"));
      for (RunningProcess process : List.of(proxy, database)) {
        assertThat(memory(process, "VmHWM")).isLessThan(HEAP + BESIDE_THE_HEAP);
      }
      assertThat(tunnels.answeredOnEach(request("localhost"))).isEqualTo(count);
    }
    newRequestsAreAnswered();
  }

  private void newRequestsAreAnswered() throws IOException {
    for (int port : ports) {
      try (Socket program = new Socket(InetAddress.getLoopbackAddress(), port)) {
        program.setSoTimeout(PATIENCE_MILLIS);
        answered(program, port);
      }
    }
  }

  /**
   * As with an SDK, an answer that says to try again is tried again: on a busy machine the agent
   * may not hear from Auth for a second, and refuses meanwhile.
   */
  private static void answered(Socket program, int port) throws IOException {
    long end = System.nanoTime() + Duration.ofMillis(PATIENCE_MILLIS).toNanos();
    String answer = ask(program, port);
    while (answer.startsWith("HTTP/1.1 503 ") && System.nanoTime() < end) {
      log.info("tried again after: {}", answer.lines().toList().getLast());
      answer = ask(program, port);
    }
    assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("{\"TableNames\":[]}");
  }

  private static String ask(Socket program, int port) throws IOException {
    program.getOutputStream().write(request("localhost:" + port));
    StringBuilder answer = new StringBuilder();
    while (!answer.toString().endsWith("\r\n\r\n")) {
      int one = program.getInputStream().read();
      if (one < 0) {
        throw new IOException("ended after: " + answer);
      }
      answer.append((char) one);
    }
    Matcher length = LENGTH.matcher(answer);
    assertThat(length.find()).as(answer.toString()).isTrue();
    byte[] body = program.getInputStream().readNBytes(Integer.parseInt(length.group(1)));
    return answer.append(new String(body, StandardCharsets.UTF_8)).toString();
  }

  private static byte[] request(String host) {
    return ("POST / HTTP/1.1\r\nHost: "
            + host
            + "\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n"
            + "Content-Type: application/x-amz-json-1.0\r\nContent-Length: 2\r\n\r\n{}")
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** In KiB. */
  private static long memory(RunningProcess process, String what) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
        .filter(line -> line.startsWith(what + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
