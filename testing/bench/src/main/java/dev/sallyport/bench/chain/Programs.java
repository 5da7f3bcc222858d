package dev.sallyport.bench.chain;

import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of the system that stand in a chain. Not for concurrent use.
final class Programs implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Deque<RunningProcess> started = new ArrayDeque<>();
  private final Map<String, Long> pids = new LinkedHashMap<>();

  /// Where a program is, in the folders in which systems keep servers.
  static Optional<Path> find(String name) {
    return Stream.of("/usr/sbin", "/usr/local/sbin", "/usr/bin", "/usr/local/bin")
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// Starts one, and waits until it listens.
  void start(String label, int port, List<String> commandLine) throws IOException {
    var process = RunningProcess.start(commandLine, Map.of("PATH", "/usr/bin:/bin"));
    started.push(process);
    pids.put(label, process.pid());
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!listens(port)) {
      if (!process.alive() || System.nanoTime() > end) {
        throw new IOException(label + " does not listen:\n" + process.transcript());
      }
    }
  }

  private static boolean listens(int port) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(Surroundings.LOOPBACK, port), 100);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  Map<String, Long> pids() {
    return pids;
  }

  @Override
  public void close() {
    started.forEach(RunningProcess::close);
  }
}
