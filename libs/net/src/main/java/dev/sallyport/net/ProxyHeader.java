package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/// Writes the PROXY protocol's version 2 header (HAProxy's proxy-protocol.txt §2.2), which tells a
/// server behind us the address of the real client. It is written once, before any other byte, and
/// only towards a server that takes it from nobody else, or with an extension that proves it.
public final class ProxyHeader {
  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };
  private static final int VERSION_2_PROXY = 0x21;
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final int IPV4_LENGTH = 2 * 4 + 2 * 2;
  private static final int IPV6_LENGTH = 2 * 16 + 2 * 2;
  private static final int HEADER_BYTES = SIGNATURE.length + 4 + IPV6_LENGTH;
  private static final int EXTENSION_HEAD = 1 + Short.BYTES;

  private ProxyHeader() {}

  /// The header for a TCP connection from `source` to `destination`; both must be resolved. A pair
  /// of mixed families is written as IPv6, with the IPv4 one mapped.
  public static ByteBuf v2(
      ByteBufAllocator allocator, InetSocketAddress source, InetSocketAddress destination) {
    return addresses(allocator, source, destination, 0);
  }

  /// The same with an extension (§2.2.7).
  ///
  /// @param type of the extension, one byte
  /// @param value of the extension; what the reader takes at most is its own to say
  public static ByteBuf v2(
      ByteBufAllocator allocator,
      InetSocketAddress source,
      InetSocketAddress destination,
      int type,
      byte[] value) {
    return addresses(allocator, source, destination, EXTENSION_HEAD + value.length)
        .writeByte(type)
        .writeShort(value.length)
        .writeBytes(value);
  }

  private static ByteBuf addresses(
      ByteBufAllocator allocator,
      InetSocketAddress source,
      InetSocketAddress destination,
      int more) {
    var from = resolved(source);
    var to = resolved(destination);
    boolean v4 = from instanceof Inet4Address && to instanceof Inet4Address;
    return allocator
        .buffer(HEADER_BYTES + more)
        .writeBytes(SIGNATURE)
        .writeByte(VERSION_2_PROXY)
        .writeByte(v4 ? TCP_OVER_IPV4 : TCP_OVER_IPV6)
        .writeShort((v4 ? IPV4_LENGTH : IPV6_LENGTH) + more)
        .writeBytes(v4 ? from.getAddress() : mapped(from))
        .writeBytes(v4 ? to.getAddress() : mapped(to))
        .writeShort(source.getPort())
        .writeShort(destination.getPort());
  }

  private static InetAddress resolved(InetSocketAddress address) {
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("address: " + address + " (expected: resolved)");
    }
    return address.getAddress();
  }

  private static byte[] mapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 16) {
      return bytes;
    }
    byte[] mapped = new byte[16];
    Arrays.fill(mapped, 10, 12, (byte) 0xFF);
    System.arraycopy(bytes, 0, mapped, 12, 4);
    return mapped;
  }
}
