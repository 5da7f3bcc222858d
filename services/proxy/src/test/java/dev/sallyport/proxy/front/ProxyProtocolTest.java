package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.NetworkRange;
import dev.sallyport.net.Alpn;
import dev.sallyport.proxy.ProxyConfig;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Load balancers tell where clients are: those that were named, once, before TLS.
final class ProxyProtocolTest {
  private static final byte[] FIRST =
      "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path data;
  private FrontRig rig;

  @BeforeEach
  void open() throws Exception {
    rig = rig("127.0.0.0/8", "::1");
  }

  private FrontRig rig(String... balancers) throws Exception {
    var edge =
        new ProxyConfig.Edge(
            Duration.ZERO, Arrays.stream(balancers).map(NetworkRange::parse).toList());
    return new FrontRig(data.resolve("data"), List.of(), edge);
  }

  @AfterEach
  void close() throws Exception {
    rig.close();
  }

  /// What comes back: the door to Auth sends what it gets to an echo, after a header of its own.
  private byte[] sent(byte[]... parts) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), rig.port())) {
      socket.setSoTimeout(8_000);
      for (var part : parts) {
        socket.getOutputStream().write(part);
        socket.getOutputStream().flush();
      }
      socket.shutdownOutput();
      return socket.getInputStream().readAllBytes();
    } catch (java.net.SocketException e) {
      return new byte[0];
    }
  }

  private static String toldToAuth(byte[] echoed) {
    var decoder = new EmbeddedChannel(new HAProxyMessageDecoder());
    decoder.writeInbound(Unpooled.wrappedBuffer(echoed));
    HAProxyMessage read = decoder.readInbound();
    var address = read.sourceAddress() + ":" + read.sourcePort();
    read.release();
    return address;
  }

  @Test
  void theAddressThatABalancerTellsIsTheClients() throws Exception {
    var hello = ClientHelloBytes.with(Alpn.AUTH);
    assertThat(toldToAuth(sent(FIRST, hello))).isEqualTo("203.0.113.7:4711");
    var split = new byte[FIRST.length + 1][];
    for (int i = 0; i < FIRST.length; i++) {
      split[i] = new byte[] {FIRST[i]};
    }
    split[FIRST.length] = hello;
    assertThat(toldToAuth(sent(split))).isEqualTo("203.0.113.7:4711");
    var second = dev.sallyport.proxy.web.ProxyHeaders.v2("203.0.113.9");
    assertThat(toldToAuth(sent(second, hello))).startsWith("203.0.113.9:");
    // A balancer's own connection is its own.
    var own = "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
    assertThat(toldToAuth(sent(own, hello))).startsWith("127.0.0.1:");
  }

  @Test
  void aBalancerSendsOneHeaderAndNeverNone() throws Exception {
    var hello = ClientHelloBytes.with(Alpn.AUTH);
    assertThat(sent(hello)).isEmpty();
    assertThat(sent(FIRST, FIRST, hello)).isEmpty();
    assertThat(sent(hello, FIRST)).isEmpty();
    assertThat(sent("PROXY TCP4 203.0.113.7 443\r\n".getBytes(StandardCharsets.US_ASCII), hello))
        .isEmpty();
  }

  @Test
  void nobodyElsesHeaderIsLookedAt() throws Exception {
    rig.close();
    rig = rig("192.0.2.0/24");
    var hello = ClientHelloBytes.with(Alpn.AUTH);
    assertThat(sent(FIRST, hello)).isEmpty();
    assertThat(sent(dev.sallyport.proxy.web.ProxyHeaders.v2("203.0.113.9"), hello)).isEmpty();
    assertThat(toldToAuth(sent(hello))).startsWith("127.0.0.1:");
  }
}
