package dev.sallyport.proxy.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Speaks to the web server as the port does: a PROXY header, then whatever a client sends.
final class RawHttp {
  private RawHttp() {}

  /// A PROXY v2 header for a client of that IPv4 address.
  static byte[] header(String client) {
    var header = ByteBuffer.allocate(28);
    header.put(new byte[] {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10});
    header.put((byte) 0x21).put((byte) 0x11).putShort((short) 12);
    header.put(InetAddress.ofLiteral(client).getAddress()).put(new byte[] {127, 0, 0, 1});
    header.putShort((short) 4711).putShort((short) 443);
    return header.array();
  }

  /// Sends a header and text, and reads until the server closes.
  static String exchange(UnixDomainSocketAddress server, String client, String text)
      throws IOException {
    return exchange(server, client, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// Sends a header and bytes, and reads until the server closes.
  static String exchange(UnixDomainSocketAddress server, String client, byte[] bytes)
      throws IOException {
    var answer = new ByteArrayOutputStream();
    try (var channel = SocketChannel.open(server)) {
      send(channel, client, bytes);
      drain(channel, answer);
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  /// Sends a header and bytes to a server that will not take them all, and reads what it says until
  /// it ends the connection: by closing it, or, where some of our bytes were never read, by a
  /// reset.
  static byte[] untilCutOff(UnixDomainSocketAddress server, String client, byte[] bytes)
      throws IOException {
    var answer = new ByteArrayOutputStream();
    try (var channel = SocketChannel.open(server)) {
      send(channel, client, bytes);
      drain(channel, answer);
    } catch (SocketException cutOff) {
      assertThat(cutOff).hasMessageMatching("Connection reset|Broken pipe");
    }
    return answer.toByteArray();
  }

  /// Sends a header and text, and reads no more than the first bytes of the answer; the caller
  /// closes the channel.
  static SocketChannel begin(UnixDomainSocketAddress server, String client, String text)
      throws IOException {
    var channel = SocketChannel.open(server);
    send(channel, client, text.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(channel.read(ByteBuffer.allocate(16))).isPositive();
    return channel;
  }

  private static void send(SocketChannel channel, String client, byte[] bytes) throws IOException {
    channel.write(ByteBuffer.wrap(header(client)));
    channel.write(ByteBuffer.wrap(bytes));
  }

  private static void drain(SocketChannel channel, ByteArrayOutputStream into) throws IOException {
    var buffer = ByteBuffer.allocate(8192);
    while (channel.read(buffer) >= 0) {
      into.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
  }
}
