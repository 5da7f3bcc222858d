package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.auth.api.AuthPatience;
import dev.sallyport.detector.SlowCrowd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many slow clients of the Auth Service at once: strangers in the middle of a handshake, and
/// members of the cluster in the middle of a request or its answer.
final class SlowAuthClientsTest {
  private static final Logger log = LoggerFactory.getLogger(SlowAuthClientsTest.class);
  private static final int OF_EACH = 100;

  /// Its answers fill what the system keeps for a connection, which takes many.
  private static final int ASKS_ONE_OF = 100;

  /// What `docs/security.md` says that a slow client holds.
  private static final int BYTES_OF_ONE = 160 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A TLS record of 512 bytes that begins a ClientHello of 508.
  private static final String HELLO = "\u0016\3\1\2\0\1\0\1\u00fc\3\3";

  private static final String HALF_HEAD = "GET /v1/status HTTP/1.1\r\nHost: auth\r\nX-Slow: ";
  private static final String HALF_BODY =
      "POST /v1/tokens HTTP/1.1\r\nHost: auth\r\nContent-Type: application/json\r\n"
          + "Content-Length: 60000\r\n\r\n"
          + "{".repeat(50_000);
  private static final String ASKING = "GET /v1/status HTTP/1.1\r\nHost: auth\r\n\r\n";

  @Test
  void manySlowClientsAtOnceAreEndedKeepLittleAndHoldUpNobody(@TempDir Path folder)
      throws IOException {
    var patience = new AuthPatience(Duration.ofSeconds(6), Duration.ofSeconds(8));
    try (var cluster = new Cluster(folder, Optional.empty(), Optional.empty(), patience);
        var crowd = new SlowCrowd()) {
      int port = cluster.auth().boundPort();
      var client = new RawClient(port, cluster.adminIdentity());
      assertThat(client.status("GET", "/v1/status", "")).isEqualTo(200);
      var context = client.context();
      long before = SlowCrowd.held();
      for (int i = 0; i < OF_EACH; i++) {
        var stranger = new Socket(InetAddress.getLoopbackAddress(), port);
        crowd.addDripping(stranger, HELLO, "x");
        crowd.addDripping(client.open(context), HALF_HEAD, "x");
        crowd.addSilent(client.open(context), HALF_BODY);
        if (i % ASKS_ONE_OF == 0) {
          crowd.addAsking(client.open(context), ASKING.repeat(100));
        }
        if (i % 50 == 0) {
          crowd.drip();
          assertThat(client.status("GET", "/v1/status", "")).isEqualTo(200);
        }
      }
      crowd.drip();
      long held = SlowCrowd.held() - before;
      log.info("{} slow clients of {} hold {} KiB", crowd.left(), crowd.count(), held >> 10);
      assertThat(held).isLessThan((3L * OF_EACH + OF_EACH / ASKS_ONE_OF + 1) * BYTES_OF_ONE);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            crowd.drip();
            assertThat(client.status("GET", "/v1/status", "")).isEqualTo(200);
            assertThat(crowd.left()).as(crowd.toString()).isZero();
          });
    }
  }
}
