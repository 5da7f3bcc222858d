package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Reads the PROXY protocol's header, version 1 or 2 (HAProxy's proxy-protocol.txt §2.1, §2.2), by
/// which a load balancer in front tells where the client is. Strict: what is not exactly a header
/// for TCP over IPv4 or IPv6, or for a connection of the balancer's own, is refused. A checksum is
/// verified where there is one; other extensions are passed over.
public final class ProxyHeaderParser {
  /// The longest header, in bytes, with its extensions.
  public static final int MAX_BYTES = 2_048;

  private static final int LINE_MAX = 107;
  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };
  private static final int HEAD = 16;
  private static final int LOCAL = 0x20;
  private static final int PROXY = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;
  private static final int IPV4 = 4;
  private static final int IPV6 = 16;
  private static final int CHECKSUM = 0x03;
  private static final String BEGIN = "PROXY ";
  private static final Pattern LINE =
      Pattern.compile("PROXY (TCP4|TCP6) ([0-9A-Fa-f.:]+) ([0-9A-Fa-f.:]+) ([0-9]+) ([0-9]+)");
  private static final Pattern DOTTED = Pattern.compile("([0-9]{1,3}\\.){3}[0-9]{1,3}");
  private static final Pattern PORT = Pattern.compile("0|[1-9][0-9]{0,4}");
  private static final int PORT_MAX = 65_535;

  private ProxyHeaderParser() {}

  /// A header that was read.
  ///
  /// @param client where the client is; empty for a connection of the balancer's own, such as a
  ///   check of health
  /// @param length of the header, in bytes
  public record Told(Optional<InetSocketAddress> client, int length) {}

  /// Reads the header at the reader index, and does not move it. Empty while more bytes are needed.
  ///
  /// @throws CorruptedFrameException if this does not begin with a header, or it is none that is
  ///   taken here
  public static Optional<Told> parse(ByteBuf bytes) {
    if (!bytes.isReadable()) {
      return Optional.empty();
    }
    return bytes.getByte(bytes.readerIndex()) == SIGNATURE[0] ? second(bytes) : first(bytes);
  }

  private static Optional<Told> first(ByteBuf bytes) {
    int begin = bytes.readerIndex();
    int seen = Math.min(bytes.readableBytes(), LINE_MAX);
    var text = bytes.toString(begin, seen, StandardCharsets.ISO_8859_1);
    int common = Math.min(seen, BEGIN.length());
    if (!text.regionMatches(0, BEGIN, 0, common)) {
      throw new CorruptedFrameException("no PROXY header, which this peer must send");
    }
    // The first line feed is the end, so that it does not matter how much has come yet.
    int end = text.indexOf('\n');
    if (end < 0 && bytes.readableBytes() < LINE_MAX) {
      return Optional.empty();
    }
    if (end < 0 || text.charAt(end - 1) != '\r') {
      throw new CorruptedFrameException("PROXY header without its end");
    }
    return Optional.of(new Told(line(text.substring(0, end - 1)), end + 1));
  }

  private static Optional<InetSocketAddress> line(String text) {
    // What follows is not to be looked at (§2.1).
    if (text.equals("PROXY UNKNOWN") || text.startsWith("PROXY UNKNOWN ")) {
      return Optional.empty();
    }
    var parts = LINE.matcher(text);
    if (!parts.matches()) {
      throw new CorruptedFrameException("PROXY header of another form");
    }
    boolean four = parts.group(1).equals("TCP4");
    var client = literal(parts.group(2), four);
    literal(parts.group(3), four);
    int port = port(parts.group(4));
    port(parts.group(5));
    return Optional.of(new InetSocketAddress(client, port));
  }

  private static InetAddress literal(String text, boolean four) {
    if (four != DOTTED.matcher(text).matches() || four == text.contains(":")) {
      throw new CorruptedFrameException("PROXY header with an address of another family");
    }
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      throw new CorruptedFrameException("PROXY header with an address that is none", e);
    }
  }

  private static int port(String text) {
    if (!PORT.matcher(text).matches() || Integer.parseInt(text) > PORT_MAX) {
      throw new CorruptedFrameException("PROXY header with a port that is none");
    }
    return Integer.parseInt(text);
  }

  private static Optional<Told> second(ByteBuf bytes) {
    int begin = bytes.readerIndex();
    for (int i = 0; i < SIGNATURE.length && i < bytes.readableBytes(); i++) {
      if (bytes.getByte(begin + i) != SIGNATURE[i]) {
        throw new CorruptedFrameException("no PROXY header, which this peer must send");
      }
    }
    if (bytes.readableBytes() < HEAD) {
      return Optional.empty();
    }
    int command = bytes.getUnsignedByte(begin + SIGNATURE.length);
    int family = bytes.getUnsignedByte(begin + SIGNATURE.length + 1);
    int length = bytes.getUnsignedShort(begin + SIGNATURE.length + 2);
    if (command != LOCAL && command != PROXY) {
      throw new CorruptedFrameException("PROXY header of another version or command");
    }
    if (HEAD + length > MAX_BYTES) {
      throw new CorruptedFrameException("PROXY header of more than " + MAX_BYTES + " bytes");
    }
    if (bytes.readableBytes() < HEAD + length) {
      return Optional.empty();
    }
    if (command == LOCAL) {
      return Optional.of(new Told(Optional.empty(), HEAD + length));
    }
    int width =
        switch (family) {
          case TCP4 -> IPV4;
          case TCP6 -> IPV6;
          default -> throw new CorruptedFrameException("PROXY header of another family");
        };
    int addresses = 2 * width + 2 * Short.BYTES;
    if (length < addresses) {
      throw new CorruptedFrameException("PROXY header that is too short for its addresses");
    }
    extensions(bytes, begin, HEAD + addresses, HEAD + length);
    var client = address(bytes, begin + HEAD, width);
    int port = bytes.getUnsignedShort(begin + HEAD + 2 * width);
    return Optional.of(new Told(Optional.of(new InetSocketAddress(client, port)), HEAD + length));
  }

  private static InetAddress address(ByteBuf bytes, int at, int width) {
    var raw = new byte[width];
    bytes.getBytes(at, raw);
    try {
      return InetAddress.getByAddress(raw);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("4 or 16 bytes are an address", e);
    }
  }

  /// Each must lie within the header.
  private static void extensions(ByteBuf bytes, int begin, int from, int end) {
    int at = from;
    while (at < end) {
      if (end - at < 1 + Short.BYTES) {
        throw new CorruptedFrameException("PROXY header with half an extension");
      }
      int type = bytes.getUnsignedByte(begin + at);
      int length = bytes.getUnsignedShort(begin + at + 1);
      int value = at + 1 + Short.BYTES;
      if (length > end - value) {
        throw new CorruptedFrameException("PROXY header with half an extension");
      }
      if (type == CHECKSUM) {
        checksum(bytes, begin, value, length, end);
      }
      at = value + length;
    }
  }

  /// Over the whole header, with zeroes in its own place (§2.2.4).
  private static void checksum(ByteBuf bytes, int begin, int value, int length, int end) {
    var header = new byte[end];
    bytes.getBytes(begin, header);
    if (length != Integer.BYTES) {
      throw new CorruptedFrameException("PROXY header with a checksum of another length");
    }
    long told = bytes.getUnsignedInt(begin + value);
    for (int i = 0; i < Integer.BYTES; i++) {
      header[value + i] = 0;
    }
    var sum = new CRC32C();
    sum.update(header, 0, end);
    if (sum.getValue() != told) {
      throw new CorruptedFrameException("PROXY header with a wrong checksum");
    }
  }
}
