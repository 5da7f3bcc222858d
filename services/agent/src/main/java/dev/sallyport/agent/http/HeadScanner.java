package dev.sallyport.agent.http;

import io.netty.buffer.ByteBuf;

/// Finds the end of a head without looking twice at what it has seen, and refuses a line that does
/// not end by CR LF as soon as it is there.
final class HeadScanner {
  private int seen;
  private int lineStart;

  /// @param bytes what has come in, from the head's first byte on
  /// @return the head's length with its last empty line, or -1 when more is needed
  int headLength(ByteBuf bytes, int max) throws BrokenRequest {
    int start = bytes.readerIndex();
    int end = Math.min(bytes.readableBytes(), max);
    while (seen < end) {
      int at = bytes.indexOf(start + seen, start + end, (byte) '\n');
      if (at < 0) {
        seen = end;
        break;
      }
      int line = at - start;
      if (line == lineStart || bytes.getByte(at - 1) != '\r') {
        throw new BrokenRequest(RequestFault.Kind.MALFORMED, "a line that ends without CR");
      }
      seen = line + 1;
      if (line == lineStart + 1) {
        return found(seen);
      }
      lineStart = seen;
    }
    if (bytes.readableBytes() >= max) {
      throw new BrokenRequest(
          RequestFault.Kind.HEAD_TOO_LARGE,
          "request line and headers of more than " + max + " bytes");
    }
    return -1;
  }

  private int found(int length) {
    seen = 0;
    lineStart = 0;
    return length;
  }
}
