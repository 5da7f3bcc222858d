package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What web pages and request smugglers try on a listener of the default configuration.
final class HostileRequestTest {
  private static ProxyUnderTest it;

  @BeforeAll
  static void open() throws IOException {
    it = new ProxyUnderTest();
  }

  @AfterAll
  static void close() throws IOException {
    it.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:PORT",
        "localhost",
        "localhost:1",
        "localhost:PORT.evil.example",
        "127.0.0.1.evil.example:PORT",
        "localhost:PORT@evil.example",
        "user@localhost:PORT",
        "localhost.:PORT",
        "127.1:PORT",
        "2130706433:PORT",
        "0.0.0.0:PORT",
        "::1:PORT",
        "localhost:0PORT",
        "localhost:PORT, evil.example",
        ""
      })
  void aForeignHostIsRefused(String host) throws IOException {
    var before = it.upstream.received.size();
    var answer =
        it.exchangeUntilClosed(
            "POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(host.replace("PORT", "" + it.port())));
    assertThat(answer).startsWith("HTTP/1.1 403 ").contains("Connection: close");
    assertThat(it.upstream.received).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: http://localhost:PORT\r\n",
        "Origin: null\r\n",
        "origin: https://evil.example\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "sec-fetch-site: same-origin\r\n",
        "Sec-Fetch-Site: same-site\r\n",
        "Host: localhost:PORT\r\n",
        "Host: evil.example\r\n"
      })
  void requestsOfWebPagesAndSecondHostsAreRefused(String header) throws IOException {
    var before = it.upstream.received.size();
    var answer = it.exchangeUntilClosed(it.post(header.replace("PORT", "" + it.port()), "{}"));
    assertThat(answer)
        .startsWith("HTTP/1.1 403 ")
        .contains("AccessDeniedException", "Connection: close")
        .doesNotContainIgnoringCase("access-control");
    assertThat(it.upstream.received).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET", "OPTIONS", "HEAD", "PUT", "DELETE", "TRACE", "PATCH", "CONNECT", "post"})
  void methodsOtherThanPostAreRefusedWithoutCorsHeaders(String method) throws IOException {
    var answer =
        it.exchangeUntilClosed(
            "%s / HTTP/1.1\r\nHost: localhost:%d\r\nAccess-Control-Request-Method: POST\r\n\r\n"
                .formatted(method, it.port()));
    assertThat(answer).startsWith("HTTP/1.1 405 ").doesNotContainIgnoringCase("access-control");
  }

  @Test
  void theHealthPathAnswersOnlyUnderItsOwnName() throws IOException {
    assertThat(
            it.exchange("GET /healthz HTTP/1.1\r\nHost: localhost:%d\r\n\r\n".formatted(it.port())))
        .startsWith("HTTP/1.1 200 OK")
        .endsWith("{\"status\":\"ok\"}");
    assertThat(it.exchange("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"))
        .startsWith("HTTP/1.1 403 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/",
        "http://127.0.0.1:PORT/",
        "https://localhost:PORT/",
        "localhost:PORT",
        "*",
        "//evil.example/#a",
        "http://localhost:PORT@evil.example/"
      })
  void aTargetThatNamesAnotherHostIsRefused(String target) throws IOException {
    var answer =
        it.exchangeUntilClosed(
            "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 0\r\n\r\n"
                .formatted(target.replace("PORT", "" + it.port()), it.port()));
    assertThat(answer).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void anAbsoluteTargetOfThisHostIsTaken() throws IOException {
    var answer =
        it.exchange(
            "POST http://localhost:%d HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(it.port(), it.port()));
    assertThat(answer).startsWith("HTTP/1.1 200 ");
    assertThat(it.upstream.received.getLast().head()).startsWith("POST / HTTP/1.1\r\n");
  }

  @Test
  void oldHttpNeedsAHostAndGetsOneAnswer() throws IOException {
    assertThat(it.exchangeUntilClosed("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}"))
        .startsWith("HTTP/1.1 403 ");
    var answer =
        it.exchangeUntilClosed(
            "POST / HTTP/1.0\r\nHost: localhost:%d\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}"
                .formatted(it.port()));
    assertThat(answer).startsWith("HTTP/1.1 200 ").contains("Connection: close");
  }

  static List<String> smuggled() {
    var host = "Host: localhost:PORT\r\n";
    var post = "POST / HTTP/1.1\r\n" + host;
    var tail = "POST /smuggled HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n";
    var te = "Transfer-Encoding: chunked\r\n";
    return List.of(
        post + "Content-Length: 4\r\n" + te + "\r\n0\r\n\r\n" + tail,
        post + te + "Content-Length: 4\r\n\r\n0\r\n\r\n" + tail,
        post + te + te + "\r\n0\r\n\r\n" + tail,
        post + "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" + tail,
        post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + tail,
        post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + tail,
        post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + tail,
        post + "Transfer-Encoding:\u000bchunked\r\n\r\n0\r\n\r\n" + tail,
        post + "Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + tail,
        post + "X: 1\r\n folded\r\nContent-Length: 0\r\n\r\n" + tail,
        post + "X: 1\nContent-Length: 0\r\n\r\n" + tail,
        post + "X: 1\rContent-Length: 0\r\n\r\n" + tail,
        post + "X: a\u0000b\r\nContent-Length: 0\r\n\r\n" + tail,
        post + "X\u0000: a\r\nContent-Length: 0\r\n\r\n" + tail,
        post + ": a\r\nContent-Length: 0\r\n\r\n" + tail,
        post + "nocolon\r\nContent-Length: 0\r\n\r\n" + tail,
        post + "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" + tail,
        post + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + tail,
        post + "Content-Length: 0, 0\r\n\r\n" + tail,
        post + "Content-Length: +0\r\n\r\n" + tail,
        post + "Content-Length: -1\r\n\r\n" + tail,
        post + "Content-Length: 0x10\r\n\r\n" + tail,
        post + "Content-Length: \r\n\r\n" + tail,
        post + "Content-Length: 1 1\r\n\r\n" + tail,
        post + "Content-Length: 99999999999999999999\r\n\r\n" + tail,
        post + "Content-Length: 18000000\r\n\r\n" + tail,
        post + te + "\r\n2;ext=1\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\n2\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\n2\r\n{}\n0\r\n\r\n" + tail,
        post + te + "\r\n2\r\n{}XX\r\n0\r\n\r\n" + tail,
        post + te + "\r\n0x2\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\n+2\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\n-2\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\n 2\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\nFFFFFFF\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\n\r\n{}\r\n0\r\n\r\n" + tail,
        post + te + "\r\n2\r\n{}\r\n0\r\nX-Trailer: 1\r\n\r\n" + tail,
        post + te + "\r\n2\r\n{}\r\n0\r\nGARBAGE\r\n\r\n" + tail,
        "POST / HTTP/1.0\r\n" + host + te + "\r\n0\r\n\r\n" + tail,
        "POST / HTTP/1.1\n" + host + "\r\n" + tail,
        "POST  / HTTP/1.1\r\n" + host + "\r\n" + tail,
        "POST / HTTP/1.1 \r\n" + host + "\r\n" + tail,
        "POST\t/\tHTTP/1.1\r\n" + host + "\r\n" + tail,
        "POST / HTTP/2.0\r\n" + host + "\r\n" + tail,
        "POST / HTTP/1.10\r\n" + host + "\r\n" + tail,
        "POST / http/1.1\r\n" + host + "\r\n" + tail,
        "POST /\r\n" + host + "\r\n" + tail,
        "PO\u0000ST / HTTP/1.1\r\n" + host + "\r\n" + tail,
        "POST /\u007f HTTP/1.1\r\n" + host + "\r\n" + tail,
        "\r\n" + post + "Content-Length: 0\r\n\r\n" + tail,
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + tail,
        "\u0016\u0003\u0001\u0002\u0000\u0001\n" + tail);
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.MethodSource("smuggled")
  void ambiguousFramingIsRefusedAndTheConnectionClosed(String request) throws IOException {
    var answer = it.exchangeUntilClosed(request.replace("PORT", "" + it.port()));
    assertThat(answer).contains("Connection: close").startsWith("HTTP/1.1 ");
    assertThat(answer.substring(9, 10)).isIn("4", "5");
    assertThat(answer.split("Server: sallyport-tsh", -1)).hasSize(2);
    assertThat(it.upstream.received)
        .noneMatch(received -> received.head().startsWith("POST /smuggled"));
  }

  @Test
  void aGoodRequestBeforeABadOneIsAnsweredFirst() throws IOException {
    var answer = it.exchangeUntilClosed(it.post("{}") + "GARBAGE\r\n\r\n" + it.post("{}"));
    assertThat(answer).startsWith("HTTP/1.1 200 ").contains("HTTP/1.1 400 ");
    assertThat(answer.split("HTTP/1.1 200", -1)).hasSize(2);
  }

  @Test
  void aHeadBeyondTheLimitIsRefused() throws IOException {
    var answer = it.exchangeUntilClosed(it.post("X: " + "a".repeat(17_000) + "\r\n", "{}"));
    assertThat(answer).startsWith("HTTP/1.1 431 ");
    var many = "X: 1\r\n".repeat(200);
    assertThat(it.exchangeUntilClosed(it.post(many, "{}")))
        .startsWith("HTTP/1.1 431 ")
        .contains("more than 100 headers");
  }

  @Test
  void aChunkedBodyBeyondTheLimitIsRefusedWhileItComes() throws IOException {
    var chunk = "100000\r\n" + "a".repeat(0x100000) + "\r\n";
    var answer =
        it.exchangeUntilClosed(
            "POST / HTTP/1.1\r\nHost: localhost:%d\r\nTransfer-Encoding: chunked\r\n\r\n"
                    .formatted(it.port())
                + chunk.repeat(18)
                + "0\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 413 ");
  }

  /// 16 MiB of blanks in some kilobytes, there and back.
  @Test
  void aZipBombPassesAsItIsBothWays() throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(" ".repeat(16 << 20).getBytes(StandardCharsets.UTF_8));
    }
    it.upstream.script((request, out) -> {
      ScriptedUpstream.respond(out, request.body(), "Content-Encoding: gzip\r\n");
      return true;
    });
    var bomb = packed.toString(StandardCharsets.ISO_8859_1);
    var answer = it.exchange(it.post("Content-Encoding: gzip\r\n", bomb));
    assertThat(it.upstream.received.getLast().text()).isEqualTo(bomb);
    assertThat(answer).startsWith("HTTP/1.1 200").contains("Content-Encoding: gzip").endsWith(bomb);
  }
}
