package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class ProxyHeaderTest {
  @Test
  void anotherDecoderReadsIpv4() throws Exception {
    var read = read("192.0.2.7", "198.51.100.1");
    assertThat(read.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP4);
    assertThat(read.sourceAddress()).isEqualTo("192.0.2.7");
    assertThat(read.sourcePort()).isEqualTo(40000);
    assertThat(read.destinationAddress()).isEqualTo("198.51.100.1");
    assertThat(read.destinationPort()).isEqualTo(3080);
    read.release();
  }

  @Test
  void anotherDecoderReadsIpv6() throws Exception {
    var read = read("2001:db8::7", "2001:db8::1");
    assertThat(read.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
    assertThat(read.sourceAddress()).isEqualTo("2001:db8:0:0:0:0:0:7");
    read.release();
  }

  @Test
  void mixedFamiliesAreWrittenAsIpv6() throws Exception {
    var read = read("192.0.2.7", "2001:db8::1");
    assertThat(read.proxiedProtocol()).isEqualTo(HAProxyProxiedProtocol.TCP6);
    read.release();
  }

  @Test
  void anotherDecoderReadsTheExtension() throws Exception {
    for (var from : new String[] {"192.0.2.7", "2001:db8::7"}) {
      var channel = new EmbeddedChannel(new HAProxyMessageDecoder());
      channel.writeInbound(
          ProxyHeader.v2(
              channel.alloc(),
              new InetSocketAddress(InetAddress.getByName(from), 40000),
              new InetSocketAddress(InetAddress.getByName("198.51.100.1"), 3080),
              0xE7,
              new byte[] {1, 2, 3}));
      HAProxyMessage message = channel.readInbound();
      assertThat(message.tlvs())
          .singleElement()
          .satisfies(tlv -> {
            assertThat(tlv.typeByteValue()).isEqualTo((byte) 0xE7);
            assertThat(ByteBufUtil.getBytes(tlv.content())).containsExactly(1, 2, 3);
          });
      message.release();
    }
  }

  @Test
  void anUnresolvedAddressIsRefused() {
    var unresolved = InetSocketAddress.createUnresolved("a.example", 1);
    assertThatThrownBy(
            () -> ProxyHeader.v2(UnpooledByteBufAllocator.DEFAULT, unresolved, unresolved))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.example");
  }

  private static HAProxyMessage read(String from, String to) throws Exception {
    var channel = new EmbeddedChannel(new HAProxyMessageDecoder());
    channel.writeInbound(
        ProxyHeader.v2(
            channel.alloc(),
            new InetSocketAddress(InetAddress.getByName(from), 40000),
            new InetSocketAddress(InetAddress.getByName(to), 3080)));
    HAProxyMessage message = channel.readInbound();
    assertThat(message.protocolVersion()).isEqualTo(HAProxyProtocolVersion.V2);
    return message;
  }
}
