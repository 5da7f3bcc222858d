package dev.sallyport.proxy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
  private static final String LAST = "GET /who HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n";

  @TempDir static Path data;
  private static WebServer server;
  private static final AtomicInteger posts = new AtomicInteger();

  @BeforeAll
  static void start() throws IOException {
    server =
        WebServer.start(
            data,
            routes -> {
              routes.get(
                  "/who",
                  context ->
                      context.result(
                          context.req().getRemoteAddr()
                              + " "
                              + context.scheme()
                              + " virtual="
                              + Thread.currentThread().isVirtual()));
              routes.exception(BadRequest.class, (e, context) -> context.status(400));
              routes.post(
                  "/post",
                  context -> {
                    byte[] body = RequestBody.read(context, "text/plain");
                    posts.incrementAndGet();
                    context.result("posted " + body.length);
                  });
            });
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(data.resolve("proxy-sockets")).doesNotExist();
  }

  private static String http1(String text) throws IOException {
    return RawHttp.exchange(server.http1(), "203.0.113.9", text);
  }

  @Test
  void theClientsAddressIsThatOfTheHeaderAndNoForwardingHeaderChangesIt() throws IOException {
    var answer =
        http1(
            """
            GET /who HTTP/1.1\r
            Host: proxy.example\r
            X-Forwarded-For: 192.0.2.1\r
            X_Forwarded_For: 192.0.2.1\r
            Forwarded: for=192.0.2.1\r
            X-Real-IP: 192.0.2.1\r
            X-Forwarded-Host: evil.example\r
            X-Forwarded-Proto: http\r
            Connection: close\r
            \r
            """);
    assertThat(answer).contains("203.0.113.9 https virtual=true").doesNotContain("192.0.2.1");
    assertThat(answer.toLowerCase(Locale.ROOT)).doesNotContain("jetty").doesNotContain("server:");
  }

  @Test
  void aSecondProxyHeaderIsNoRequest() throws IOException {
    byte[] second = RawHttp.header("192.0.2.1");
    byte[] request =
        "GET /who HTTP/1.1\r\nHost: p\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII);
    byte[] both = new byte[second.length + request.length];
    System.arraycopy(second, 0, both, 0, second.length);
    System.arraycopy(request, 0, both, second.length, request.length);
    assertThat(RawHttp.exchange(server.http1(), "203.0.113.9", both)).doesNotContain("192.0.2.1");
    assertThat(http1("PROXY TCP4 192.0.2.1 10.0.0.1 1 443\r\nGET /who HTTP/1.1\r\n\r\n"))
        .doesNotContain("192.0.2.1 https");
  }

  @Test
  void theSocketsAreThisUsersAlone() throws IOException {
    var folder = server.http1().getPath().getParent();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void aDeepDataFolderMovesTheSocketsToTheTemporaryFolder() throws IOException {
    var deep = data.resolve("x".repeat(60)).resolve("y".repeat(60));
    Path made;
    try (var folder = SocketFolder.open(deep)) {
      made = java.util.Objects.requireNonNull(folder.socket("http1.sock").getParent());
      assertThat(made.toString().length()).isLessThan(SocketFolder.PATH_BYTES_MAX - 16);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx------");
    }
    assertThat(made).doesNotExist();
  }

  @Test
  void whatACrashLeftInTheFolderIsNoHindrance() throws IOException {
    var home = data.resolve("crashed");
    Files.createDirectories(home.resolve("proxy-sockets"));
    Files.createFile(home.resolve("proxy-sockets").resolve("http1.sock"));
    try (var again = WebServer.start(home, routes -> routes.get("/", c -> c.result("up")))) {
      assertThat(RawHttp.exchange(again.http1(), "10.0.0.1", "GET / HTTP/1.0\r\n\r\n"))
          .endsWith("up");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\rhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5;a=b\rc\r\nhello\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5;a=b\nhello\r\n0\r\n\r\n",
        "X-A: b\rContent-Length: 4\r\nContent-Length: 0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n\r\n",
        "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: +4\r\n\r\nabcd",
        "Content-Length: 4, 4\r\n\r\nabcd",
        "Content-Length: 0x4\r\n\r\nabcd",
        "X-A: b\u0000c\r\nContent-Length: 0\r\n\r\n",
        "X-A: b\r\n folded\r\nContent-Length: 0\r\n\r\n",
        "X-A\r\nContent-Length: 0\r\n\r\n",
        "X-A: b\nContent-Length: 0\r\n\r\n"
      })
  void aRequestThatTwoReadersCouldReadDifferentlyIsRefusedAndTheConnectionClosed(String rest)
      throws IOException {
    int before = posts.get();
    var answer =
        http1(
            "POST /post HTTP/1.1\r\nHost: p\r\nContent-Type: text/plain\r\n"
                + rest
                + "GET /who HTTP/1.1\r\nHost: p\r\n\r\n");
    assertThat(answer)
        .startsWith("HTTP/1.1 4")
        .doesNotContain("203.0.113.9")
        .doesNotContain("posted");
    assertThat(posts.get()).isEqualTo(before);
  }

  /// Bodies whose end is clear although they are unusual: one request, and the next one gets its
  /// own answer.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\n",
        "5;name=value\r\nhello\r\n0;last\r\n\r\n",
        "5;name=\"GET /who HTTP/1.1\"\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        "5\r\nhello\r\n0\r\nContent-Length: 70\r\n\r\n",
        "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"
      })
  void chunkExtensionsAndTrailersBelongToTheirRequestAndTheNextOneIsAnsweredItself(String body)
      throws IOException {
    int before = posts.get();
    var answer = http1(chunked(body) + LAST);
    assertThat(answer)
        .startsWith("HTTP/1.1 200")
        .containsSubsequence("posted 5", "HTTP/1.1 200", "203.0.113.9 https")
        .doesNotContain("posted 0");
    assertThat(answer.split("HTTP/1\\.1 ", -1)).hasSize(1 + 2);
    assertThat(posts.get()).isEqualTo(before + 1);
  }

  /// What stands behind a body is the next request or none; a good one after it is not reached.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\ngarbage\r\n\r\n",
        "5\r\nhello\r\n0\r\n\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-Sum: 1\rX-B: 2\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-Sum : 1\r\n\r\n",
        "5\r\nhello\r\n0\r\ngarbage\r\n\r\n"
      })
  void garbageBehindTheLastChunkEndsTheConnectionAndTheNextRequestIsNotAnswered(String body)
      throws IOException {
    int before = posts.get();
    var answer = http1(chunked(body) + LAST);
    assertThat(answer).doesNotContain("203.0.113.9").contains("HTTP/1.1 400");
    assertThat(answer.split("posted ", -1)).hasSizeLessThanOrEqualTo(1 + 1);
    assertThat(posts.get()).isBetween(before, before + 1);
  }

  private static String chunked(String body) {
    return "POST /post HTTP/1.1\r\nHost: p\r\nContent-Type: text/plain\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n"
        + body;
  }

  /// 32 MiB of blanks in some kilobytes: what a route gets is what came.
  @Test
  void aZipBombIsNotInflated() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(" ".repeat(32 << 20).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(packed.size()).isLessThan(RequestBody.BYTES_MAX);
    var answer =
        http1(
            "POST /post HTTP/1.1\r\nHost: p\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                + "Content-Encoding: gzip\r\nContent-Length: "
                + packed.size()
                + "\r\n\r\n"
                + packed.toString(StandardCharsets.ISO_8859_1));
    assertThat(answer).startsWith("HTTP/1.1 200").endsWith("posted " + packed.size());
  }

  @Test
  void headersBeyondTheBoundAreRefused() throws IOException {
    var answer = http1("GET /who HTTP/1.1\r\nHost: p\r\nX-Big: " + "b".repeat(17_000) + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 431");
  }

  @Test
  void http2GoesByPriorKnowledgeOnItsOwnSocketOnly() throws IOException {
    byte[] preface =
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);
    try (var channel = SocketChannel.open(server.http2())) {
      channel.write(java.nio.ByteBuffer.wrap(RawHttp.header("203.0.113.9")));
      channel.write(java.nio.ByteBuffer.wrap(preface));
      var frame = java.nio.ByteBuffer.allocate(9);
      int read = 0;
      while (frame.hasRemaining() && read >= 0) {
        read = channel.read(frame);
      }
      assertThat(frame.get(3)).as("SETTINGS").isEqualTo((byte) 4);
    }
    assertThat(RawHttp.exchange(server.http1(), "203.0.113.9", preface))
        .startsWith("HTTP/1.1 ")
        .doesNotContain("203.0.113.9");
    assertThat(
            http1(
                "GET /who HTTP/1.1\r\nHost: p\r\nUpgrade: h2c\r\nConnection: Upgrade,"
                    + " HTTP2-Settings, close\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n"))
        .startsWith("HTTP/1.1 200");
  }

  @Test
  void aFloodOfControlFramesEndsAnHttp2Connection() throws IOException {
    var pings = new StringBuilder("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
    for (int i = 0; i < 500; i++) {
      pings.append("\0\0\u0008\6\0\0\0\0\0").append("12345678");
    }
    for (var _ : List.of(1, 2)) {
      var answer =
          RawHttp.untilCutOff(
              server.http2(),
              "203.0.113.9",
              pings.toString().getBytes(StandardCharsets.ISO_8859_1));
      assertThat(answer.length).as("fewer than 500 answers to 500 PINGs").isLessThan(500 * 17);
    }
  }

  /** Each request costs the server more than the client, who takes it back at once. */
  @Test
  void aFloodOfRequestsThatAreTakenBackEndsAnHttp2Connection() throws IOException {
    var flood = new StringBuilder("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
    for (int stream = 1; stream < 1000; stream += 2) {
      var id = "\0\0" + (char) (stream >> 8) + (char) (stream & 0xFF);
      // HEADERS of GET / over https, and RST_STREAM with CANCEL (RFC 9113 §6.2, §6.4).
      flood.append("\0\0\3\1\5").append(id).append("\u0082\u0087\u0084");
      flood.append("\0\0\4\3\0").append(id).append("\0\0\0\u0008");
    }
    var answer =
        RawHttp.untilCutOff(
            server.http2(), "203.0.113.9", flood.toString().getBytes(StandardCharsets.ISO_8859_1));
    assertThat(new String(answer, StandardCharsets.ISO_8859_1))
        .as("GOAWAY with ENHANCE_YOUR_CALM")
        .contains("\0\0\0\u000binvalid_rst_stream_frame_rate");
  }
}
