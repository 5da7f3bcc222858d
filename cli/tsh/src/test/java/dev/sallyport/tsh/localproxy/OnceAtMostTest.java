package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Of each request that a client sent, at most one begins to arrive at the far end, wherever the
/// connection breaks; and no client gets another one's answer.
final class OnceAtMostTest {
  private static final String BODY = "{\"TableName\":\"orders\"}";
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"Id\":\"%04d\"}"
          .getBytes(StandardCharsets.US_ASCII);

  /// A far end that resets each connection after so many bytes of its first request, or of the
  /// answer to it, and counts which requests it has seen the beginning of.
  private static final class Breaking implements AutoCloseable {
    final ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    final ConcurrentMap<String, AtomicInteger> begun = new ConcurrentHashMap<>();
    volatile int requestBytes = Integer.MAX_VALUE;
    volatile int answerBytes = Integer.MAX_VALUE;

    Breaking() throws IOException {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (true) {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
              }
            } catch (IOException e) {
              // closed
            }
          });
    }

    private void serve(Socket socket) {
      try (socket) {
        socket.setSoLinger(true, 0);
        while (true) {
          one(socket);
        }
      } catch (IOException e) {
        // broken as ordered
      }
    }

    private void one(Socket socket) throws IOException {
      var in = socket.getInputStream();
      var head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        if (head.length() == requestBytes) {
          count(head.toString());
          throw new IOException("reset in the head");
        }
        head.append(next(in));
      }
      count(head.toString());
      for (int i = 0; i < BODY.length(); i++) {
        if (head.length() + i == requestBytes) {
          throw new IOException("reset in the body");
        }
        next(in);
      }
      var id = head.substring(head.indexOf("X-Id: ") + 6, head.indexOf("X-Id: ") + 10);
      var answer = new String(ANSWER, StandardCharsets.US_ASCII).formatted(Integer.parseInt(id));
      var bytes = answer.getBytes(StandardCharsets.US_ASCII);
      var part = Math.min(bytes.length, answerBytes);
      socket.getOutputStream().write(bytes, 0, part);
      if (part < bytes.length) {
        throw new IOException("reset in the answer");
      }
    }

    private void count(String head) {
      var at = head.indexOf("X-Id: ");
      if (at >= 0 && head.length() >= at + 10) {
        begun
            .computeIfAbsent(head.substring(at + 6, at + 10), id -> new AtomicInteger())
            .incrementAndGet();
      }
    }

    private static char next(InputStream in) throws IOException {
      var b = in.read();
      if (b < 0) {
        throw new SocketException("end");
      }
      return (char) b;
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }

  private static String request(ProxyUnderTest it, int id) {
    return "POST / HTTP/1.1\r\nX-Id: %04d\r\nHost: localhost:%d\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(id, it.port(), BODY.length(), BODY);
  }

  @Test
  void aResetAnywhereInRequestOrAnswerLeavesOneRequestAtMost() throws IOException {
    resetAtEach(3);
  }

  @Test
  @Tag("long")
  void aResetAtEveryByteOfRequestAndAnswerLeavesOneRequestAtMost() throws IOException {
    resetAtEach(1);
  }

  private static void resetAtEach(int step) throws IOException {
    try (var farEnd = new Breaking();
        var it = new ProxyUnderTest(ProxyUnderTest.LIMITS, Admission.standard(), farEnd.server)) {
      var length = request(it, 0).length();
      var id = 0;
      ToIntFunction<String> seen =
          text -> farEnd.begun.getOrDefault(text, new AtomicInteger()).get();
      for (int at = 1; at < length + ANSWER.length; at += step) {
        farEnd.requestBytes = at < length ? at : Integer.MAX_VALUE;
        farEnd.answerBytes = at < length ? Integer.MAX_VALUE : at - length;
        id++;
        var answer = it.exchange(request(it, id)).replace("[reset]", "");
        var name = "%04d".formatted(id);
        assertThat(seen.applyAsInt(name)).as("request broken at %d", at).isLessThanOrEqualTo(1);
        if (answer.startsWith("HTTP/1.1 503 ")) {
          assertThat(seen.applyAsInt(name)).as("told as not sent, at %d", at).isZero();
        } else if (!answer.isEmpty()) {
          var whole = new String(ANSWER, StandardCharsets.US_ASCII).formatted(id);
          assertThat(whole).as("answer broken at %d", at).startsWith(answer);
        }
        farEnd.requestBytes = Integer.MAX_VALUE;
        farEnd.answerBytes = Integer.MAX_VALUE;
        var next = ++id;
        await()
            .untilAsserted(() ->
                assertThat(it.exchange(request(it, next)))
                    .endsWith("{\"Id\":\"%04d\"}".formatted(next)));
      }
    }
  }

  /// The agent's alert comes after the client's own handshake is done, when the request may be on
  /// its way already: it took nothing of it, so the client is told.
  @Test
  void aCertificateThatTheAgentRefusesIsToldAsARefusal() throws IOException {
    try (var it = new ProxyUnderTest()) {
      it.upstream.script((request, out) -> {
        var alert = new SSLHandshakeException("Received fatal alert: certificate_unknown");
        it.pipelines.forEach(pipeline -> pipeline.fireExceptionCaught(alert));
        return true;
      });
      assertThat(it.exchange(it.post("{}")))
          .startsWith("HTTP/1.1 400 ")
          .contains("AccessDeniedException", "tsh login", "x-amz-crc32: ");
      assertThat(it.upstream.received).hasSize(1);
    }
  }
}
