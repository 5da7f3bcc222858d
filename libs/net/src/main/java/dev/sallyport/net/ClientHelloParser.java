package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads SNI and ALPN out of the first bytes of a TLS connection (RFC 8446 §4.1.2 and §5.1, RFC
/// 6066 §3, RFC 7301 §3.1). A hello may be spread over several records. Every length is checked
/// against what holds it; the only exception thrown is [CorruptedFrameException]. One parser per
/// connection.
final class ClientHelloParser {
  /// Real hellos are below 2 KB, with post-quantum keys too; more is refused.
  static final int MAX_HELLO_BYTES = 16 * 1024;

  /// The bytes of a hello of that size in the smallest sensible records, with their headers.
  static final int MAX_BUFFERED_BYTES = 2 * MAX_HELLO_BYTES;

  private static final int RECORD_HEADER_BYTES = 5;
  private static final int HANDSHAKE_HEADER_BYTES = 4;
  private static final int HANDSHAKE_RECORD = 22;
  private static final int TLS_MAJOR = 3;
  private static final int CLIENT_HELLO = 1;
  private static final int VERSION_AND_RANDOM_BYTES = 34;
  private static final int MAX_RECORD_BYTES = 16 * 1024;
  private static final int EXTENSION_SERVER_NAME = 0;
  private static final int EXTENSION_ALPN = 16;
  private static final int HOST_NAME = 0;
  private static final int MAX_HOST_NAME_BYTES = 255;
  private static final int MAX_PROTOCOLS = 32;

  private final ByteBuf handshake = Unpooled.buffer();
  private int offset;
  private int leftOfRecord;

  /// The hello, or empty when more bytes are needed. To be called with the same stream again after
  /// it has grown; each byte is looked at once. Leaves the buffer's indexes alone.
  Optional<ClientHello> parse(ByteBuf stream) {
    var in = stream.duplicate().skipBytes(offset);
    try {
      boolean whole = gather(in);
      offset = in.readerIndex() - stream.readerIndex();
      return whole ? Optional.of(hello(handshake.slice())) : Optional.empty();
    } catch (IndexOutOfBoundsException e) {
      throw broken("a length reaches past the end of what holds it");
    }
  }

  /// Joins the payloads of the records until the handshake message is whole.
  private boolean gather(ByteBuf in) {
    while (in.isReadable()) {
      if (leftOfRecord == 0 && !enterRecord(in)) {
        return false;
      }
      int here = Math.min(leftOfRecord, in.readableBytes());
      handshake.writeBytes(in, here);
      leftOfRecord -= here;
      if (handshake.readableBytes() >= HANDSHAKE_HEADER_BYTES) {
        int needed = HANDSHAKE_HEADER_BYTES + helloLength(handshake);
        if (handshake.readableBytes() >= needed) {
          handshake.writerIndex(handshake.readerIndex() + needed);
          handshake.skipBytes(HANDSHAKE_HEADER_BYTES);
          return true;
        }
      }
    }
    return false;
  }

  private boolean enterRecord(ByteBuf in) {
    int start = in.readerIndex();
    if (in.getUnsignedByte(start) != HANDSHAKE_RECORD
        || (in.readableBytes() >= 2 && in.getUnsignedByte(start + 1) != TLS_MAJOR)) {
      throw broken("not a TLS handshake");
    }
    if (in.readableBytes() < RECORD_HEADER_BYTES) {
      return false;
    }
    leftOfRecord = in.getUnsignedShort(start + 3);
    if (leftOfRecord == 0 || leftOfRecord > MAX_RECORD_BYTES) {
      throw broken(
          "record of " + leftOfRecord + " bytes (expected: 1 to " + MAX_RECORD_BYTES + ")");
    }
    in.skipBytes(RECORD_HEADER_BYTES);
    return true;
  }

  private static int helloLength(ByteBuf handshake) {
    int start = handshake.readerIndex();
    if (handshake.getUnsignedByte(start) != CLIENT_HELLO) {
      throw broken("the first handshake message is not a ClientHello");
    }
    int length = handshake.getUnsignedMedium(start + 1);
    if (length > MAX_HELLO_BYTES) {
      throw broken("ClientHello of " + length + " bytes (expected: <= " + MAX_HELLO_BYTES + ")");
    }
    return length;
  }

  private static ClientHello hello(ByteBuf body) {
    body.skipBytes(VERSION_AND_RANDOM_BYTES);
    body.skipBytes(body.readUnsignedByte());
    body.skipBytes(body.readUnsignedShort());
    body.skipBytes(body.readUnsignedByte());
    Optional<String> sni = Optional.empty();
    List<String> alpn = List.of();
    if (body.isReadable()) {
      var extensions = wholeVector(body, body.readUnsignedShort());
      var seen = new HashSet<Integer>();
      while (extensions.isReadable()) {
        int type = extensions.readUnsignedShort();
        var data = extensions.readSlice(extensions.readUnsignedShort());
        if (!seen.add(type)) {
          throw broken("extension " + type + " appears twice");
        }
        if (type == EXTENSION_SERVER_NAME) {
          sni = serverName(data);
        } else if (type == EXTENSION_ALPN) {
          alpn = protocols(data);
        }
      }
    }
    return new ClientHello(sni, alpn);
  }

  private static Optional<String> serverName(ByteBuf data) {
    var names = wholeVector(data, data.readUnsignedShort());
    if (names.readUnsignedByte() != HOST_NAME) {
      throw broken("server name of an unknown type");
    }
    int length = names.readUnsignedShort();
    if (length == 0 || length > MAX_HOST_NAME_BYTES || length != names.readableBytes()) {
      throw broken("server name of " + length + " bytes");
    }
    return Optional.of(text(names, length).toLowerCase(Locale.ROOT));
  }

  private static List<String> protocols(ByteBuf data) {
    var names = wholeVector(data, data.readUnsignedShort());
    var protocols = new ArrayList<String>();
    while (names.isReadable()) {
      int length = names.readUnsignedByte();
      if (length == 0 || protocols.size() == MAX_PROTOCOLS) {
        throw broken("an empty protocol name, or more than " + MAX_PROTOCOLS);
      }
      protocols.add(names.readCharSequence(length, StandardCharsets.ISO_8859_1).toString());
    }
    if (protocols.isEmpty()) {
      throw broken("an empty list of protocols");
    }
    return protocols;
  }

  /// The vector that fills the rest of its holder exactly.
  private static ByteBuf wholeVector(ByteBuf holder, int length) {
    if (length != holder.readableBytes()) {
      throw broken(
          "a list of " + length + " bytes in a field of " + holder.readableBytes() + " bytes");
    }
    return holder.readSlice(length);
  }

  private static String text(ByteBuf in, int length) {
    for (int i = 0; i < length; i++) {
      int c = in.getUnsignedByte(in.readerIndex() + i);
      if (c <= ' ' || c >= 0x7f) {
        throw broken("server name with character " + c);
      }
    }
    return in.readCharSequence(length, StandardCharsets.US_ASCII).toString();
  }

  private static CorruptedFrameException broken(String what) {
    return new CorruptedFrameException("TLS ClientHello: " + what);
  }
}
