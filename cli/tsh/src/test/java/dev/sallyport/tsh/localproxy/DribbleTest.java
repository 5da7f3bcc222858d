package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Clients that never pause for long, and never get done either.
final class DribbleTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration STALL = Duration.ofSeconds(2);
  private static final Duration DROP = Duration.ofMillis(100);
  private static final LocalKey KEY = LocalKey.create(new SecureRandom());

  private static LocalProxyLimits limits() {
    var standard = LocalProxyLimits.standard();
    return new LocalProxyLimits(
        10,
        10,
        8,
        1,
        10,
        standard.waitForConnection(),
        standard.idleUpstream(),
        standard.silence(),
        STALL,
        standard.restGivesWay());
  }

  private static Admission strict() {
    return new Admission(Set.of(), Set.of(), false, Optional.of(new SignatureGate(KEY, () -> NOW)));
  }

  @Test
  void aHeadThatComesByteByByteIsNotWaitedForWithoutEnd() throws IOException {
    try (var it = new ProxyUnderTest(limits());
        var socket = it.connect()) {
      ProxyUnderTest.send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nX-Long: ");
      dripUntilClosed(socket);
      assertThat(it.upstream.received).isEmpty();
    }
  }

  @Test
  void aBodyThatWaitsForItsSignatureHasToComeAtAPace() throws Exception {
    try (var it = new ProxyUnderTest(limits(), strict());
        var socket = it.connect()) {
      ProxyUnderTest.send(
          socket, StrictModeTest.head(it, KEY, "{}", "Content-Length: 5000000\r\n"));
      dripUntilClosed(socket);
      assertThat(it.upstream.received).isEmpty();
    }
  }

  /// Heads that follow each other are no dribble, however long that goes on.
  @Test
  void aClientThatSendsOneRequestAfterTheOtherInTwoPiecesGoesOn() throws IOException {
    try (var it = new ProxyUnderTest(limits());
        var socket = it.connect()) {
      var until = System.nanoTime() + 2 * STALL.toNanos();
      var request = it.post("{}");
      while (System.nanoTime() < until) {
        ProxyUnderTest.send(socket, request + request.substring(0, 20));
        assertThat(ScriptedUpstream.read(socket.getInputStream(), socket).head())
            .startsWith("HTTP/1.1 200");
        ProxyUnderTest.send(socket, request.substring(20));
        assertThat(ScriptedUpstream.read(socket.getInputStream(), socket).head())
            .startsWith("HTTP/1.1 200");
      }
    }
  }

  private static void dripUntilClosed(Socket socket) {
    await()
        .pollInterval(DROP)
        .atMost(Duration.ofSeconds(30))
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
