package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers of the PROXY protocol, and what only looks like one.
class ProxyHeaderParserTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String ADDRESSES = "cb007107" + "c0000201" + "1267" + "01bb";

  private static ByteBuf line(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  private static ByteBuf hex(String text) {
    return Unpooled.wrappedBuffer(HexFormat.of().parseHex(text));
  }

  private static String told(ByteBuf bytes) {
    var told = ProxyHeaderParser.parse(bytes).orElseThrow();
    assertThat(bytes.readerIndex()).isZero();
    return told.client()
            .map(one -> one.getAddress().getHostAddress() + " " + one.getPort())
            .orElse("own")
        + " "
        + told.length();
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443, 203.0.113.7 4711 43",
    "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0 0 44",
    "PROXY TCP6 2001:db8::7 ::1 4711 443, 2001:db8:0:0:0:0:0:7 4711 37",
    "PROXY UNKNOWN, own 15",
    "PROXY UNKNOWN ffff::1 anything 1 2, own 36"
  })
  void version_1(String text, String expected) {
    assertThat(told(line(text + "\r\nrest"))).isEqualTo(expected);
  }

  @Test
  void version_2() {
    assertThat(told(hex(SIGNATURE + "2111000c" + ADDRESSES + "16")))
        .isEqualTo("203.0.113.7 4711 28");
    assertThat(told(hex(SIGNATURE + "20000000"))).isEqualTo("own 16");
    assertThat(told(hex(SIGNATURE + "20110003" + "aabbcc"))).isEqualTo("own 19");
    // With an extension that says nothing here.
    assertThat(told(hex(SIGNATURE + "21110011" + ADDRESSES + "ea0002" + "0102")))
        .isEqualTo("203.0.113.7 4711 33");
    var written =
        ProxyHeader.v2(
            UnpooledByteBufAllocator.DEFAULT,
            new InetSocketAddress(InetAddress.ofLiteral("2001:db8::7"), 4711),
            new InetSocketAddress(InetAddress.ofLiteral("::1"), 443));
    assertThat(told(written)).isEqualTo("2001:db8:0:0:0:0:0:7 4711 52");
    written.release();
  }

  @Test
  void a_checksum_is_verified() {
    var head = SIGNATURE + "21110013" + ADDRESSES + "030004";
    var zero = HexFormat.of().parseHex(head + "00000000");
    var sum = new CRC32C();
    sum.update(zero);
    var right = "%08x".formatted(sum.getValue());
    assertThat(told(hex(head + right))).isEqualTo("203.0.113.7 4711 35");
    assertThatThrownBy(() -> ProxyHeaderParser.parse(hex(head + "00000000")))
        .isInstanceOf(CorruptedFrameException.class)
        .hasMessageContaining("wrong checksum");
  }

  @Test
  void every_beginning_of_a_header_waits_for_more() {
    for (var whole :
        new ByteBuf[] {
          line("PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n"),
          hex(SIGNATURE + "2111000c" + ADDRESSES)
        }) {
      for (int length = 0; length < whole.readableBytes(); length++) {
        assertThat(ProxyHeaderParser.parse(whole.slice(0, length))).isEmpty();
      }
      assertThat(ProxyHeaderParser.parse(whole)).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 203.0.113.7 192.0.2.1 4711 443\r\n",
        "PROXY\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 4711 443 \r\n",
        "PROXY  TCP4 203.0.113.7 192.0.2.1 4711 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 4711\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 04711 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n",
        "PROXY TCP4 203.0.113.7 192.0.2.1 99999999999999999999 443\r\n",
        "PROXY TCP4 203.0.113 192.0.2.1 4711 443\r\n",
        "PROXY TCP4 203.0.113.256 192.0.2.1 4711 443\r\n",
        "PROXY TCP4 ::1 ::1 4711 443\r\n",
        "PROXY TCP6 203.0.113.7 192.0.2.1 4711 443\r\n",
        "PROXY TCP6 ::g ::1 4711 443\r\n",
        "PROXY TCP6 1:2 ::1 4711 443\r\n",
        "PROXY UDP4 203.0.113.7 192.0.2.1 4711 443\r\n",
        "PROXY UNKNOWNX\r\n",
        "PROXY UNKNOWN a\nb\r\n",
        "PROXY TCP4 localhost 192.0.2.1 4711 443\r\n"
      })
  void lines_of_another_form_are_refused(String text) {
    assertThatThrownBy(() -> ProxyHeaderParser.parse(line(text)))
        .isInstanceOf(CorruptedFrameException.class);
  }

  @Test
  void a_line_without_an_end_is_refused_at_107_bytes() {
    assertThat(ProxyHeaderParser.parse(line("PROXY UNKNOWN " + "x".repeat(92)))).isEmpty();
    assertThatThrownBy(() -> ProxyHeaderParser.parse(line("PROXY UNKNOWN " + "x".repeat(93))))
        .isInstanceOf(CorruptedFrameException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0d0a0d0a000d0a515549540b",
        SIGNATURE + "1111000c" + ADDRESSES,
        SIGNATURE + "3111000c" + ADDRESSES,
        SIGNATURE + "2211000c" + ADDRESSES,
        SIGNATURE + "2112000c" + ADDRESSES,
        SIGNATURE + "2100000c" + ADDRESSES,
        SIGNATURE + "2131000c" + ADDRESSES,
        SIGNATURE + "2121000c" + ADDRESSES,
        SIGNATURE + "2111000b" + ADDRESSES,
        SIGNATURE + "2111000d" + ADDRESSES + "ea",
        SIGNATURE + "2111000f" + ADDRESSES + "ea0001",
        SIGNATURE + "21110010" + ADDRESSES + "03000100",
        SIGNATURE + "2111ffff"
      })
  void binary_of_another_form_is_refused(String text) {
    assertThatThrownBy(() -> ProxyHeaderParser.parse(hex(text)))
        .isInstanceOf(CorruptedFrameException.class);
  }
}
