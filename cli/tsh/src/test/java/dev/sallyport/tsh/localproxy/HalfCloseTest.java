package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.net.Transport;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A client that has closed its sending side and takes its answer slowly.
final class HalfCloseTest {
  private static final int SIZE = 48 * 1024 * 1024;
  private static final int PIECE = 64 * 1024;

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aLargeAnswerArrivesWhole(Transport transport) throws Exception {
    var body = new byte[SIZE];
    new Random(11).nextBytes(body);
    var written = new AtomicLong();
    try (var it = new ProxyUnderTest(transport);
        var socket = it.connect()) {
      it.upstream.script((request, out) -> {
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                .formatted(SIZE)
                .getBytes(StandardCharsets.US_ASCII));
        for (int at = 0; at < SIZE; at += PIECE) {
          out.write(body, at, PIECE);
          written.addAndGet(PIECE);
        }
        return true;
      });
      ProxyUnderTest.send(socket, it.post("{}"));
      socket.shutdownOutput();
      // Until every buffer on the way is full, and so the proxy waits for its client.
      await().atMost(Duration.ofSeconds(10)).until(written::get, new StandsStill());
      assertThat(written.get()).isLessThan(SIZE);
      assertThat(Arrays.equals(answer(socket), body)).isTrue();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  private static byte[] answer(Socket socket) throws Exception {
    return ScriptedUpstream.read(socket.getInputStream(), socket).body();
  }

  /// True once four looks in a row saw the same positive number.
  private static final class StandsStill implements java.util.function.Predicate<Long> {
    private long last;
    private int same;

    @Override
    public boolean test(Long now) {
      same = now > 0 && now == last ? same + 1 : 0;
      last = now;
      return same >= 4;
    }
  }
}
