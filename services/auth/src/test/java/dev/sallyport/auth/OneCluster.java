package dev.sallyport.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Each test has a running Auth Service of its own, in a folder of its own.
abstract class OneCluster {
  @TempDir Path folder = Path.of("never");
  private Optional<Cluster> running = Optional.empty();

  @BeforeEach
  final void startCluster() throws IOException {
    running = Optional.of(new Cluster(folder));
  }

  @AfterEach
  final void stopCluster() {
    cluster().close();
  }

  final Cluster cluster() {
    return running.orElseThrow();
  }
}
