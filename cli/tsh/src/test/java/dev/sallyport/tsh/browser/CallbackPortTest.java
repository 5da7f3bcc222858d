package dev.sallyport.tsh.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The port that waits for a browser, and those who are none.
final class CallbackPortTest {
  private static Socket connect(CallbackPort<String> port) throws IOException {
    var socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port.port());
    socket.setSoTimeout(15_000);
    return socket;
  }

  @Test
  void aRequestThatComesByteByByteIsNotWaitedForWithoutEnd() throws IOException {
    try (CallbackPort<String> port =
            CallbackPort.open(sealed -> Optional.empty(), Duration.ofSeconds(1));
        var socket = connect(port)) {
      socket.getOutputStream().write("GET /callback?x=".getBytes(StandardCharsets.US_ASCII));
      await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(Duration.ofSeconds(20))
          .until(() -> {
            try {
              socket.getOutputStream().write('x');
              return false;
            } catch (SocketException e) {
              return true;
            }
          });
    }
  }

  @Test
  void connectionsTooManyAreClosedAndOthersAreServedAfterwards() throws IOException {
    var silent = new ArrayList<Socket>();
    try (CallbackPort<String> port =
        CallbackPort.open(sealed -> Optional.empty(), Duration.ofSeconds(20))) {
      for (int i = 0; i < CallbackPort.CONNECTIONS_MAX; i++) {
        silent.add(connect(port));
      }
      try (var tooMany = connect(port)) {
        assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
      }
      for (var socket : silent) {
        socket.close();
      }
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> {
            try (var browser = connect(port)) {
              browser
                  .getOutputStream()
                  .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
              return new String(browser.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
                  .startsWith("HTTP/1.1 400 ");
            }
          });
    }
  }
}
