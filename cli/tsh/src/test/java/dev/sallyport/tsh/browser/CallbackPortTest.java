package dev.sallyport.tsh.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /// What two readers could read differently is one request at most, and its connection ends.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 60\r\n\r\nWANTED",
        "GET / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nWANTED",
        "GET / HTTP/1.1\r\nHost: HOST\r\n\r\nWANTED",
        "GET / HTTP/1.1\nHost: HOST\n\nWANTED",
        "\r\n\r\nWANTED",
        "POST /callback?response=sealed HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /callback?response=sealed HTTP/1.1\r\nHost: HOST\r\nHost: HOST\r\n\r\n",
        "GET /callback?response=sealed HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n",
        "GET /callback?response=sealed HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "GET /callback?response=sealed HTTP/1.1\r\nHost: HOST\r\n",
        "GET http://HOST/callback?response=sealed HTTP/1.1\r\nHost: HOST\r\n\r\n",
        "GET /callback?response=sealed\r\n\r\n",
      })
  void anOddRequestIsAnsweredOnceAndBringsNothing(String odd) throws Exception {
    var wanted = "GET /callback?response=sealed HTTP/1.1\r\nHost: HOST\r\n\r\n";
    try (CallbackPort<String> port = CallbackPort.open(Optional::of)) {
      var host = "127.0.0.1:" + port.port();
      var answer = exchange(port, odd.replace("WANTED", wanted).replace("HOST", host));
      assertThat(answer).startsWith("HTTP/1.1 400 ").containsOnlyOnce("HTTP/1.1 ");
      assertThatThrownBy(() -> port.await(Duration.ZERO)).isInstanceOf(TimeoutException.class);
      assertThat(exchange(port, wanted.replace("HOST", host))).startsWith("HTTP/1.1 200 ");
      assertThat(port.await(Duration.ofSeconds(30))).contains("sealed");
    }
  }

  /// The whole answer, or its beginning where the connection was reset over what nobody read.
  private static String exchange(CallbackPort<String> port, String request) throws IOException {
    var answer = new ByteArrayOutputStream();
    try (var browser = connect(port)) {
      browser.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      browser.shutdownOutput();
      browser.getInputStream().transferTo(answer);
    } catch (SocketException e) {
      // Reset.
    }
    return answer.toString(StandardCharsets.US_ASCII);
  }
}
