package dev.sallyport.testkit.site;

import dev.sallyport.testkit.process.CommandResult;
import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;

/**
 * A site in one folder. What it starts, it ends, the last first. Not for concurrent use.
 *
 * <p>The cluster's web port and Auth port are chosen once, so that parts may be killed and started
 * again.
 */
public final class Site implements AutoCloseable {
  /** A password that the cluster accepts. */
  public static final String PASSWORD = "correct horse battery staple";

  private static final Pattern LINK = Pattern.compile("https://\\S+/web/invite/\\S+");
  private static final Duration VERIFYING_MAX = Duration.ofMinutes(5);
  private static final Pattern PIN = Pattern.compile("sha256:[0-9a-f]{64}");

  private final Installation installation;
  private final Path folder;
  private final int webPort = FreePorts.next();
  private final int authPort = FreePorts.next();
  private int publicPort = webPort;
  private final Deque<RunningProcess> started = new ArrayDeque<>();

  /** A site whose processes see {@code installation}'s environment and live in {@code folder}. */
  public Site(Installation installation, Path folder) {
    this.installation = installation;
    this.folder = folder;
  }

  /** Where everything lives. */
  public Path folder() {
    return folder;
  }

  /** The Proxy's one port. */
  public int webPort() {
    return webPort;
  }

  /** The Auth Service's port. */
  public int authPort() {
    return authPort;
  }

  /** The Proxy as users name it. */
  public String proxyAddress() {
    return "localhost:" + publicPort;
  }

  /**
   * Lets users and agents come to another port, which leads to the Proxy's own. Before any file
   * that names the Proxy is written.
   */
  public void publishAt(int port) {
    publicPort = port;
  }

  /** The cluster's configuration file. */
  public Path clusterFile() {
    return folder.resolve("cluster.yaml");
  }

  /** Writes a configuration file into the site's folder. */
  public Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** Starts {@code teleport start -c file}; ended with the site at the latest. */
  public RunningProcess startService(Path file, Map<String, String> environment)
      throws IOException {
    RunningProcess process =
        installation.with(environment).start("teleport", List.of("start", "-c", file.toString()));
    started.push(process);
    return process;
  }

  /** Starts the cluster of {@link #clusterFile()} and waits until its Proxy listens. */
  public RunningProcess startCluster(Map<String, String> environment) throws IOException {
    RunningProcess cluster = startService(clusterFile(), environment);
    cluster.awaitLine("\\[PROXY\\].*listening");
    return cluster;
  }

  /** Runs {@code tctl} on the cluster's host. */
  public CommandResult tctl(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("-c", clusterFile().toString()));
    all.addAll(List.of(arguments));
    return installation.run("", "tctl", all.toArray(String[]::new));
  }

  /** Has the whole audit log verified, which takes a loaded machine minutes when it is long. */
  public CommandResult verifyAudit() throws IOException {
    List<String> line = List.of("-c", clusterFile().toString(), "audit", "verify");
    try (RunningProcess verifying = installation.start("tctl", line)) {
      return verifying.finish("", VERIFYING_MAX);
    }
  }

  /** Adds a user, and chooses {@link #PASSWORD} on the page that the printed link opens. */
  public void addUser(String name, String roles, SSLContext browserTrust)
      throws IOException, InterruptedException {
    String printed = tctl("users", "add", name, "--roles=" + roles).orFail().output();
    new InvitePage(browserTrust).choose(URI.create(find(LINK, printed)), PASSWORD);
  }

  /** The CA pin that {@code tctl status} prints. */
  public String caPin() throws IOException {
    return find(PIN, tctl("status").orFail().output());
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("nothing like " + pattern + " in:\n" + text);
    }
    return matcher.group();
  }

  /** Waits for a line of the cluster's audit log that {@code wanted} accepts. */
  public void awaitAudit(Predicate<String> wanted) {
    Awaitility.await("a line in " + auditFolder())
        .atMost(Installation.PATIENCE)
        .until(() -> audit().stream().anyMatch(wanted));
  }

  /** All lines of the cluster's audit log so far. */
  public List<String> audit() throws IOException {
    if (!Files.isDirectory(auditFolder())) {
      return List.of();
    }
    List<String> lines = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(auditFolder(), "*.jsonl")) {
      for (Path file : files) {
        lines.addAll(Files.readAllLines(file));
      }
    }
    return lines;
  }

  /** All events since then that the cluster has on record, as {@code tctl} finds them. */
  public List<String> searchAudit(Instant from) throws IOException {
    return tctl("audit", "search", "--format=json", "--limit=100000", "--from=" + from)
        .orFail()
        .output()
        .lines()
        .toList();
  }

  private Path auditFolder() {
    return folder.resolve("cluster/log");
  }

  /** A machine of a user, with more environment. */
  public Laptop laptop(String user, Map<String, String> environment) throws IOException {
    return new Laptop(installation.with(environment), folder.resolve("home-" + user));
  }

  @Override
  public void close() {
    started.forEach(RunningProcess::close);
  }
}
