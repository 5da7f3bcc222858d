package dev.sallyport.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireServerTest {

  private WireServer server;
  private volatile WireResponse scripted =
      WireResponse.Answer.of(
          200, List.of(new WireHeader("x-Odd-CASE", "v")), "ok".getBytes(StandardCharsets.UTF_8));
  private volatile Optional<WireRequest> last = Optional.empty();

  @BeforeEach
  void start() throws IOException {
    server =
        WireServer.start(
            Optional.empty(),
            request -> {
              last = Optional.of(request);
              return scripted;
            });
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void bytes_go_out_as_said() throws Exception {
    assertThat(exchange("GET /p?q=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
        .isEqualTo("HTTP/1.1 200 OK\r\nx-Odd-CASE: v\r\nContent-Length: 2\r\n\r\nok");
    assertThat(last.orElseThrow().path()).isEqualTo("/p");
    assertThat(last.orElseThrow().query()).isEqualTo("q=1");
    assertThat(last.orElseThrow().headers()).contains(new WireHeader("Host", "h"));
  }

  @Test
  void pipelined_and_chunked_requests_are_answered_in_turn() throws Exception {
    String sized = "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc";
    String head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    String chunks = "2\r\nde\r\n1\r\nf\r\n0\r\n\r\n";
    String answers = exchange(sized + head + chunks);
    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
    assertThat(last.orElseThrow().body()).isEqualTo("def".getBytes(StandardCharsets.UTF_8));
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void a_client_that_expects_a_go_ahead_gets_one() throws Exception {
    try (Socket socket = connect()) {
      String expecting = "Expect: 100-continue\r\nConnection: close\r\n\r\n";
      write(socket, "POST / HTTP/1.1\r\nContent-Length: 2\r\n");
      write(socket, expecting);
      assertThat(new String(socket.getInputStream().readNBytes(25), StandardCharsets.ISO_8859_1))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      write(socket, "{}");
      assertThat(read(socket)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void answers_can_be_chunked_late_or_cut() throws Exception {
    WireResponse.Answer answer =
        WireResponse.Answer.of(200, List.of(), "body".getBytes(StandardCharsets.UTF_8));
    String request = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";
    scripted = answer.framed(WireResponse.Framing.CHUNKED).after(Duration.ofMillis(5));
    assertThat(exchange(request)).endsWith("chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n");
    scripted = answer.framed(WireResponse.Framing.UNTIL_CLOSE);
    assertThat(exchange(request)).endsWith("Connection: close\r\n\r\nbody");
    scripted = new WireResponse.Cut(answer, 20);
    assertThat(exchange(request)).hasSize(20);
    scripted = WireResponse.Cut.atOnce();
    assertThatThrownBy(() -> exchange(request)).isInstanceOf(IOException.class);
  }

  @Test
  void many_connections_at_once_each_keep_alive() throws Exception {
    int clients = 256;
    CountDownLatch all = new CountDownLatch(clients);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        answers.add(
            threads.submit(() -> {
              try (Socket socket = connect()) {
                all.countDown();
                all.await();
                int length = 0;
                for (int n = 0; n < 5; n++) {
                  write(socket, "GET / HTTP/1.1\r\n\r\n");
                  length += socket.getInputStream().readNBytes(54).length;
                }
                return length;
              }
            }));
      }
      for (Future<Integer> answer : answers) {
        assertThat(answer.get()).isEqualTo(5 * 54);
      }
    }
    assertThat(server.connections()).isEqualTo(clients);
  }

  @Test
  void sixteen_megabytes_pass() throws Exception {
    byte[] body = new byte[16 * 1024 * 1024];
    new Random(1).nextBytes(body);
    scripted = WireResponse.Answer.of(200, List.of(), body);
    try (Socket socket = connect()) {
      write(
          socket,
          "POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: " + body.length + "\r\n\r\n");
      socket.getOutputStream().write(body);
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(last.orElseThrow().body()).isEqualTo(body);
      assertThat(answer).endsWith(body);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.0\r\n\r\n",
        "GET http://x/ HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\n\n",
        "GET / HTTP/1.1\r\nA: 1\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nA : 1\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\na\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 999999999\r\n\r\n",
      })
  void what_is_no_plain_http_gets_no_answer(String request) throws Exception {
    String answer;
    try {
      answer = exchange(request);
    } catch (IOException reset) {
      answer = "";
    }
    assertThat(answer).isEmpty();
    assertThat(last).isEmpty();
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.ofLiteral("127.0.0.1"), server.port());
  }

  private String exchange(String request) throws IOException {
    try (Socket socket = connect()) {
      write(socket, request);
      return read(socket);
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String read(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }
}
