package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Odd requests between good ones, on the same connection and on another: every answer belongs to
/// its request, and nothing that stood inside one becomes another.
final class RequestSequenceTest {
  private static ProxyUnderTest it;
  private static int next;

  @BeforeAll
  static void open() throws IOException {
    it = new ProxyUnderTest();
  }

  @AfterAll
  static void close() throws IOException {
    it.close();
  }

  static List<String> smuggled() {
    return HostileRequestTest.smuggled();
  }

  static List<String> wellFormed() throws IOException {
    return Corpus.wellFormed();
  }

  private static String id() {
    return "{\"id\":%d}".formatted(++next);
  }

  private static String filled(String request) {
    return request.replace("PORT", "" + it.port());
  }

  private static String answer(Socket socket) throws IOException {
    var answer = ScriptedUpstream.read(socket.getInputStream(), socket);
    return new String(answer.body(), StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @MethodSource("smuggled")
  void anOddRequestEndsItsConnectionAndTouchesNoOther(String odd) throws IOException {
    var first = id();
    var second = id();
    var third = id();
    try (var one = it.connect();
        var other = it.connect()) {
      ProxyUnderTest.send(other, it.post(second).substring(0, 20));
      ProxyUnderTest.send(one, it.post(first) + filled(odd) + it.post("{\"never\":1}"));
      ProxyUnderTest.send(other, it.post(second).substring(20));
      assertThat(answer(other)).isEqualTo(second);
      var all = ProxyUnderTest.readAll(one.getInputStream()).replace("[reset]", "");
      assertThat(all).startsWith("HTTP/1.1 200 OK").contains(first).doesNotContain(second, "never");
      assertThat(all.split("HTTP/1\\.1 [0-9]", -1)).as(all).hasSize(3);
      ProxyUnderTest.send(other, it.post(third));
      assertThat(answer(other)).isEqualTo(third);
    }
    assertThat(it.upstream.received)
        .noneMatch(request ->
            request.head().startsWith("POST /smuggled") || request.text().contains("never"));
  }

  @ParameterizedTest
  @MethodSource("wellFormed")
  void anUnusualRequestIsOneRequestAndTheNextIsTheNext(String unusual) throws IOException {
    var before = it.upstream.received.size();
    var after = id();
    var requests = unusual.split("POST ", -1).length - 1;
    try (var socket = it.connect()) {
      ProxyUnderTest.send(socket, filled(unusual) + it.post(after));
      for (int i = 0; i < requests; i++) {
        assertThat(after).isNotEqualTo(answer(socket));
      }
      assertThat(answer(socket)).isEqualTo(after);
    }
    assertThat(it.upstream.received).hasSize(before + requests + 1);
    assertThat(it.upstream.received.getLast().text()).isEqualTo(after);
  }

  /// A client that goes away in the middle leaves nothing on a connection that others use.
  @Test
  void halfARequestIsNoBeginningOfAnother() throws IOException {
    var request = it.post("{\"half\":\"%s\"}".formatted("x".repeat(300)));
    for (int cut = 1; cut < request.length(); cut += 37) {
      try (var gone = it.connect()) {
        ProxyUnderTest.send(gone, request.substring(0, cut));
      }
      var whole = id();
      assertThat(it.exchange(it.post(whole))).endsWith("\r\n\r\n" + whole);
    }
    await()
        .untilAsserted(
            () -> assertThat(it.upstream.received).noneMatch(seen -> seen.text().contains("half")));
  }

  /// Lines of escaped requests.
  static final class Corpus {
    private Corpus() {}

    static List<String> wellFormed() throws IOException {
      try (InputStream in =
          Objects.requireNonNull(
              RequestSequenceTest.class.getResourceAsStream("well-formed-requests.txt"))) {
        return Stream.of(new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n"))
            .map(String::translateEscapes)
            .toList();
      }
    }
  }
}
