package dev.sallyport.testkit.demo;

import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import dev.sallyport.testkit.site.FreePorts;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * {@code ./dev demo}: starts everything, prints what to paste, and runs until Ctrl-C. With {@code
 * --check} it sends some requests by itself and ends with 0 if all went well, else 1.
 */
public final class DemoMain {
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final PrintStream out;
  private final DemoOptions options;

  private DemoMain(PrintStream out, DemoOptions options) {
    this.out = out;
    this.options = options;
  }

  /** Runs the demo; the current folder is the repository. */
  public static void main(String[] arguments) throws Exception {
    DemoOptions options;
    try {
      options = DemoOptions.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println("demo: " + e.getMessage());
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("sallyport-demo");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
    int code;
    try {
      code = new DemoMain(System.out, options).run(folder);
    } catch (AssertionError | IOException e) {
      System.err.println("demo: " + e.getMessage());
      code = 1;
    }
    System.exit(code);
  }

  private int run(Path folder) throws IOException, InterruptedException {
    int port = port();
    Installation installation = Installation.at(Path.of("target/sallyport"));
    say("starting a stand-in for AWS: STS, and DynamoDB Local with three tables");
    try (DemoSite site = new DemoSite(installation, folder, InstantSource.system())) {
      say("starting a cluster: Auth, Proxy and Database Service in one process");
      RunningProcess cluster = site.startCluster();
      say("creating the role aws-dynamodb-access and the user alice");
      site.addUser();
      say("signing alice in and opening her tunnel");
      try (RunningProcess tunnel = site.openTunnel(port)) {
        URI endpoint = URI.create("http://localhost:" + port);
        if (options.check()) {
          say("sending requests through the tunnel");
          boolean good = new DemoCheck(out, endpoint).run(site.laptop());
          say(good ? "everything works" : "something does not work; see above");
          return good ? 0 : 1;
        }
        explain(site, endpoint);
        return watch(List.of(cluster, tunnel));
      }
    }
  }

  private int port() {
    if (options.check() || options.port() == 0) {
      return FreePorts.next();
    }
    if (PortOwner.free(options.port())) {
      return options.port();
    }
    int other = FreePorts.next();
    say(
        "port %d is taken%s; using %d"
            .formatted(
                options.port(),
                PortOwner.of(options.port()).map(owner -> " by " + owner).orElse(""),
                other));
    return other;
  }

  private void explain(DemoSite site, URI endpoint) {
    out.printf(
        """

        The tunnel is open. In another terminal, paste:

          export AWS_ACCESS_KEY_ID=tunnel AWS_SECRET_ACCESS_KEY=tunnel NO_PROXY=localhost,127.0.0.1
          export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1

          aws dynamodb list-tables --endpoint-url=%1$s
          aws dynamodb scan --table-name Music --max-items 3 --endpoint-url=%1$s
          aws dynamodb get-item --table-name Customers --key '{"CustomerId":{"S":"C-1001"}}' --endpoint-url=%1$s

        The keys are made up: the agent signs again, as the IAM role %2$s.

        Who did what:  tail -f %3$s/*.jsonl
        The web door:  https://%4$s (its certificate is the cluster's own)
        Read on:       docs/guide.md, docs/life-of-a-request.md

        Ctrl-C ends everything.
        """,
        endpoint, DemoSite.IAM_ROLE, site.auditLog(), site.proxyAddress());
  }

  /** Runs until one of the processes ends by itself, which it should not. */
  private int watch(List<RunningProcess> processes) {
    while (true) {
      for (RunningProcess process : processes) {
        if (process.awaitExit(LOOK).isPresent()) {
          out.println("a process ended by itself:\n" + process.transcript());
          return 1;
        }
      }
    }
  }

  private void say(String step) {
    out.println("==> " + step);
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("demo: " + folder + " could not be removed: " + e.getMessage());
    }
  }
}
