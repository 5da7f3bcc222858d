package dev.sallyport.e2e;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Load balancers of this machine. */
final class Balancer {
  private static final int CONNECT_MILLIS = 1_000;

  private Balancer() {}

  /** The program; without it the test is skipped. */
  static Path program(String name) {
    Optional<Path> found =
        Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")
            .map(place -> Path.of(place, name))
            .filter(Files::isExecutable)
            .findFirst();
    assumeTrue(found.isPresent(), name + " is not installed");
    return found.orElseThrow();
  }

  /** Starts one, and waits until it listens there; the caller closes it. */
  static RunningProcess start(List<String> line, int port) throws IOException {
    RunningProcess balancer = RunningProcess.start(line, Map.of("PATH", "/usr/bin:/bin"));
    Awaitility.await(balancer.transcript())
        .atMost(Installation.PATIENCE)
        .until(() -> listens(port) || !balancer.alive());
    return balancer;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
