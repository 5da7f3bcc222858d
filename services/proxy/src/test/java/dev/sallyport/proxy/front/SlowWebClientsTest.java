package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.detector.SlowCrowd;
import dev.sallyport.proxy.ProxyConfig;
import dev.sallyport.proxy.web.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many slow clients of the web door at once, from hello to answer, against the memory that the
/// page on limits tells.
class SlowWebClientsTest {
  private static final Logger log = LoggerFactory.getLogger(SlowWebClientsTest.class);
  private static final int OF_EACH = 150;

  /// Its answers fill what the system keeps for a connection, which takes many.
  private static final int ASKS_ONE_OF = 15;

  /// What `docs/security.md` says that a slow client holds.
  private static final int BYTES_OF_ONE = 160 << 10;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A TLS record of 512 bytes that begins a ClientHello of 508.
  private static final String HELLO = "\u0016\3\1\2\0\1\0\1\u00fc\3\3";

  private static final String GOOD =
      "GET /webapi/ping HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";
  private static final String HALF_HEAD = "GET /webapi/ping HTTP/1.1\r\nHost: p\r\nX-Slow: ";
  private static final String HALF_BODY =
      "POST /webapi/mfa/login/finish HTTP/1.1\r\nHost: p\r\nContent-Type: application/json\r\n"
          + "Content-Length: 60000\r\n\r\n"
          + "{".repeat(50_000);
  private static final String ASKING = "GET /webapi/ping HTTP/1.1\r\nHost: p\r\n\r\n";

  private final SSLContext context;

  SlowWebClientsTest() throws Exception {
    context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new FrontDoorTest.Anybody()}, new SecureRandom());
  }

  @Test
  void manySlowClientsAtOnceAreEndedKeepLittleAndHoldUpNobody(@TempDir Path data) throws Exception {
    var patience = new WebServer.Patience(Duration.ofSeconds(6), Duration.ofSeconds(8));
    var rig = new FrontRig(data, List.of(), ProxyConfig.Edge.USUAL, patience);
    try (var crowd = new SlowCrowd()) {
      answersTheGood(rig.port());
      long before = SlowCrowd.held();
      for (int i = 0; i < OF_EACH; i++) {
        crowd.addDripping(plain(rig.port(), "127.0.0.2"), HELLO, "x");
        crowd.addDripping(tls(rig.port(), "127.0.0.3"), HALF_HEAD, "x");
        crowd.addSilent(tls(rig.port(), "127.0.0." + (4 + i % 50)), HALF_BODY);
        if (i % ASKS_ONE_OF == 0) {
          crowd.addAsking(tls(rig.port(), "127.0.0." + (4 + i % 50)), ASKING.repeat(100));
        }
        if (i % 50 == 0) {
          crowd.drip();
          answersTheGood(rig.port());
        }
      }
      crowd.drip();
      answersTheGood(rig.port());
      long held = SlowCrowd.held() - before;
      log.info("{} slow clients of {} hold {} KiB", crowd.left(), crowd.count(), held >> 10);
      assertThat(held).isLessThan((3L * OF_EACH + OF_EACH / ASKS_ONE_OF + 1) * BYTES_OF_ONE);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            crowd.drip();
            answersTheGood(rig.port());
            assertThat(crowd.left()).as(crowd.toString()).isZero();
          });
    } finally {
      rig.close();
    }
  }

  private void answersTheGood(int port) throws IOException {
    try (var socket = tls(port, "127.0.0.1")) {
      socket.getOutputStream().write(GOOD.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 ")
          .containsAnyOf("\"cluster_name\":\"example.com\"", " 429 ");
    }
  }

  private static Socket plain(int port, String from) throws IOException {
    var socket = new Socket();
    socket.setReceiveBufferSize(8 << 10);
    socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout((int) PATIENCE.toMillis());
    return socket;
  }

  private Socket tls(int port, String from) throws IOException {
    return context.getSocketFactory().createSocket(plain(port, from), "127.0.0.1", port, true);
  }
}
