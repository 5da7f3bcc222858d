package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.route.ProxyRoute;
import dev.sallyport.control.route.UpgradeWish;
import dev.sallyport.net.Alpn;
import dev.sallyport.proxy.ProxyConfig;
import dev.sallyport.proxy.web.WebServer;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The way in for those behind a load balancer that ends TLS, without the balancer: the Proxy's own
/// TLS stands for it.
final class ConnectionUpgradeTest {
  private static final int HEADER_BYTES = 28;

  @TempDir private Path data;
  private FrontRig rig;
  private ProxyRoute route;

  @BeforeEach
  void open() throws Exception {
    rig = new FrontRig(data.resolve("data"), List.of());
    route =
        new ProxyRoute(
            new ControlEndpoint("127.0.0.1", rig.port()), UpgradeWish.ALWAYS, System::nanoTime);
  }

  @AfterEach
  void close() throws Exception {
    route.close();
    rig.close();
  }

  private Socket dial() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), route.now().port());
    socket.setSoTimeout(10_000);
    return socket;
  }

  @Test
  void theBytesInsideGoToTheDoorThatTheirHelloNames() throws Exception {
    var hello = ClientHelloBytes.with(Alpn.AUTH);
    var more = new byte[300_000];
    new Random(1).nextBytes(more);
    try (var socket = dial()) {
      var sender =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  socket.getOutputStream().write(hello);
                  socket.getOutputStream().write(more);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      var header = socket.getInputStream().readNBytes(HEADER_BYTES);
      assertThat(header[14] << 8 | header[15]).isGreaterThan(12);
      var proof = socket.getInputStream().readNBytes((header[14] << 8 | header[15]) - 12);
      assertThat(clientIn(header, proof)).isEqualTo("127.0.0.1");
      assertThat(socket.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
      assertThat(socket.getInputStream().readNBytes(more.length)).isEqualTo(more);
      sender.join();
    }
  }

  /// What was upgraded is no request that never comes.
  @Test
  void aWayInOutlivesTheTimeInWhichARequestHasToCome(@TempDir Path other) throws Exception {
    var patience = new WebServer.Patience(Duration.ofSeconds(30), Duration.ofMillis(500));
    var brisk = new FrontRig(other, List.of(), ProxyConfig.Edge.USUAL, patience);
    try (var way =
            new ProxyRoute(
                new ControlEndpoint("127.0.0.1", brisk.port()),
                UpgradeWish.ALWAYS,
                System::nanoTime);
        var socket = new Socket(InetAddress.getLoopbackAddress(), way.now().port())) {
      socket.setSoTimeout(10_000);
      var hello = ClientHelloBytes.with(Alpn.AUTH);
      socket.getOutputStream().write(hello);
      var header = socket.getInputStream().readNBytes(HEADER_BYTES);
      socket.getInputStream().readNBytes((header[14] << 8 | header[15]) - 12);
      assertThat(socket.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
      await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(20))
          .until(() -> {
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() == 'x';
          });
    } finally {
      brisk.close();
    }
  }

  private static String clientIn(byte[] header, byte[] proof) {
    var decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
    decoder.writeInbound(Unpooled.wrappedBuffer(header, proof));
    HAProxyMessage read = decoder.readInbound();
    try {
      return read.sourceAddress();
    } finally {
      read.release();
    }
  }

  @Test
  void theWebIsNotReachedAgainFromInside() throws Exception {
    try (var socket = dial()) {
      socket.getOutputStream().write(ClientHelloBytes.with("http/1.1"));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    try (var socket = dial()) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void aWayIsLookedAtOnceAndLeftWhereTheProxyItselfAnswers() {
    try (var found =
        new ProxyRoute(
            new ControlEndpoint("127.0.0.1", rig.port()),
            UpgradeWish.WHERE_NEEDED,
            System::nanoTime)) {
      assertThat(found.now().port()).isEqualTo(rig.port());
      assertThat(found.lookAgain()).isFalse();
      assertThat(found.now().port()).isEqualTo(rig.port());
    }
  }
}
