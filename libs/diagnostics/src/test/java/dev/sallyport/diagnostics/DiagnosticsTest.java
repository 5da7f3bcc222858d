package dev.sallyport.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosticsTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean healthy = new AtomicBoolean();
  private final HttpClient client = HttpClient.newHttpClient();
  private Diagnostics diagnostics;

  private final Component database =
      new Component() {
        @Override
        public boolean healthy() {
          return healthy.get();
        }

        @Override
        public void measure(MetricText out) {
          out.gauge("things", "Things.").sample(7);
        }
      };

  @BeforeEach
  void listen() throws IOException {
    diagnostics =
        Diagnostics.listen(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            List.of(ServiceName.AUTH, ServiceName.DB),
            now::get,
            "1.2.3");
  }

  @AfterEach
  void close() {
    diagnostics.close();
    client.close();
  }

  private HttpResponse<String> ask(String method, String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + diagnostics.address().getPort() + path);
    var request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return client.send(request, BodyHandlers.ofString());
  }

  private void awaitReady(int status, String word) {
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> {
          var answer = ask("GET", "/readyz");
          assertThat(answer.body()).contains("\"db\":\"" + word + "\"");
          assertThat(answer.statusCode()).isEqualTo(status);
        });
  }

  @Test
  void readinessFollowsTheWorstComponent() throws Exception {
    awaitReady(400, "starting");
    assertThat(ask("GET", "/readyz").body())
        .contains("teleport is starting and hasn't joined the cluster yet")
        .contains("\"pid\":" + ProcessHandle.current().pid());
    healthy.set(true);
    diagnostics.add(ServiceName.DB, database);
    awaitReady(400, "ok");
    diagnostics.add(
        ServiceName.AUTH,
        new Component() {
          @Override
          public boolean healthy() {
            return true;
          }

          @Override
          public void measure(MetricText out) {}
        });
    awaitReady(200, "ok");
    assertThat(ask("GET", "/readyz").body()).startsWith("{\"status\":\"ok\",");
    healthy.set(false);
    await()
        .until(() -> {
          now.addAndGet(Readiness.ILLNESS.toNanos());
          return ask("GET", "/readyz").statusCode() == 503;
        });
    awaitReady(503, "degraded");
    healthy.set(true);
    awaitReady(400, "recovering");
    now.addAndGet(Readiness.RECOVERY.toNanos());
    awaitReady(200, "ok");
  }

  @Test
  void aComponentThatFailsToAnswerIsNotHealthy() {
    diagnostics.add(
        ServiceName.DB,
        new Component() {
          @Override
          public boolean healthy() {
            throw new IllegalStateException("broken");
          }

          @Override
          public void measure(MetricText out) {}
        });
    awaitReady(400, "starting");
  }

  @Test
  void metricsTellProcessAndComponents() throws Exception {
    diagnostics.add(ServiceName.DB, database);
    var answer = ask("GET", "/metrics");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains("teleport_build_info{version=\"1.2.3\"} 1\n")
        .contains("process_state{component=\"db\"} 3\n")
        .contains("things 7\n");
    assertThat(answer.body().lines())
        .allMatch(line -> line.matches("# (HELP|TYPE) .+|[a-z0-9_]+(\\{[^{}]+\\})? [0-9.E+-]+"));
  }

  @Test
  void livesAndTakesNothingButQuestions() throws Exception {
    assertThat(ask("GET", "/healthz").body()).isEqualTo("{\"status\":\"ok\"}\n");
    assertThat(ask("HEAD", "/healthz").statusCode()).isEqualTo(200);
    assertThat(ask("POST", "/healthz").statusCode()).isEqualTo(405);
    assertThat(ask("GET", "/debug/pprof").statusCode()).isEqualTo(404);
    assertThat(ask("GET", "/healthz/../metrics").statusCode()).isEqualTo(404);
  }

  private String say(String text) throws IOException {
    try (var socket =
        new Socket(InetAddress.getLoopbackAddress(), diagnostics.address().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketException reset) {
      return "";
    }
  }

  /// Where a request ends can't matter: nothing has a body, and no connection has a second request.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Content-Length: 4\r\n\r\nabcd",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: +4\r\n\r\nabcd",
        "Content-Length: 4, 4\r\n\r\nabcd",
        "Content-Length: 0x4\r\n\r\nabcd",
        "X-A: b\u0000c\r\n\r\n",
        "X-A\r\n\r\n",
        "X-A : b\r\n\r\n"
      })
  void aRequestThatTwoReadersCouldReadDifferentlyIsRefusedAndTheConnectionClosed(String rest)
      throws IOException {
    var answer =
        say(
            "GET /healthz HTTP/1.1\r\nHost: d\r\n"
                + rest
                + "GET /metrics HTTP/1.1\r\nHost: d\r\n\r\n");
    assertThat(answer).doesNotContain("process_state").doesNotContain("\"ok\"");
    if (!answer.isEmpty()) {
      assertThat(answer).matches("(?s)HTTP/1\\.1 (4..|501) .*");
      assertThat(answer.split("HTTP/1\\.1 ", -1)).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aZipBombIsRefusedUnread(String method) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[32 << 20]);
    }
    var answer =
        say(
            method
                + " /healthz HTTP/1.1\r\nHost: d\r\nContent-Encoding: gzip\r\nContent-Length: "
                + packed.size()
                + "\r\n\r\n"
                + packed.toString(StandardCharsets.ISO_8859_1));
    // What was not read may take the answer with it.
    assertThat(answer).matches("(?s)(HTTP/1\\.1 4.*)?");
  }

  @Test
  void aConnectionIsForOneRequest() throws IOException {
    var answer =
        say("GET /healthz HTTP/1.1\r\nHost: d\r\n\r\nGET /metrics HTTP/1.1\r\nHost: d\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .containsIgnoringCase("Connection: close\r\n")
        .endsWith("{\"status\":\"ok\"}\n");
  }

  @Test
  void connectionsThatSayNothingAreBoundedAndHoldNobodyUp() throws Exception {
    var silent = new Socket[Diagnostics.CONNECTIONS_MAX];
    try {
      for (int i = 0; i < silent.length; i++) {
        silent[i] = new Socket(InetAddress.getLoopbackAddress(), diagnostics.address().getPort());
        silent[i].getOutputStream().write("GET /heal".getBytes(StandardCharsets.US_ASCII));
      }
      try (var tooMany =
          new Socket(InetAddress.getLoopbackAddress(), diagnostics.address().getPort())) {
        assertThat(tooMany.getInputStream().read()).isEqualTo(-1);
      }
      silent[0].close();
      await()
          .ignoreExceptionsInstanceOf(IOException.class)
          .untilAsserted(() -> assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200));
    } finally {
      for (var one : silent) {
        if (one != null) {
          one.close();
        }
      }
    }
  }
}
