package dev.sallyport.agent.http;

import dev.sallyport.sigv4.Sha256;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Consumer;

/// The body of the request that is being read: copies it into memory that the budget granted, and
/// hashes it on the way.
///
/// Chunks are taken in their strictest form: a size of one to eight hexadecimal digits, no
/// extension, no trailer, CR LF everywhere.
final class IncomingBody {
  /// The first step of a chunked body; each further one doubles what is there.
  static final int FIRST_STEP = 16 << 10;

  private static final int MAX_SIZE_DIGITS = 8;

  enum Progress {
    /// Everything given was read; more bytes are needed.
    MORE,
    /// Memory is needed before more can be read.
    ROOM,
    /// The body is whole.
    WHOLE
  }

  private enum Step {
    SIZE,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    LAST_CR,
    LAST_LF
  }

  private final RequestHead head;
  private final HeadParser.Framing framing;
  private final BodyBudget.Lease lease;
  private final int max;
  private final MessageDigest digest = Sha256.begin();

  private byte[] bytes = {};
  private int length;
  private long room;
  private Step step;
  private long left;
  private int sizeDigits;

  IncomingBody(HeadParser.Parsed parsed, BodyBudget.Lease lease, int max) {
    this.head = parsed.head();
    this.framing = parsed.framing();
    this.lease = lease;
    this.max = max;
    this.left = parsed.length();
    this.step = framing == HeadParser.Framing.CHUNKED ? Step.SIZE : Step.DATA;
  }

  /// Asks the budget for what the body needs next.
  void makeRoom(EventExecutor loop, Consumer<Boolean> answer) {
    boolean chunked = framing == HeadParser.Framing.CHUNKED;
    long wanted = chunked ? Math.min(max, room == 0 ? FIRST_STEP : 2 * room) : left;
    long more = wanted - room;
    lease.ask(
        more,
        chunked,
        loop,
        granted -> {
          if (granted) {
            room += more;
          }
          answer.accept(granted);
        });
  }

  /// Takes the memory that was granted.
  void grow() {
    bytes = Arrays.copyOf(bytes, (int) room);
  }

  Progress read(ByteBuf from) throws BrokenRequest {
    if (framing != HeadParser.Framing.CHUNKED) {
      take(from);
      return left == 0 ? Progress.WHOLE : Progress.MORE;
    }
    while (from.isReadable()) {
      switch (step) {
        case SIZE -> size(from.readByte());
        case SIZE_LF -> {
          expect(from.readByte(), '\n');
          step = left == 0 ? Step.LAST_CR : Step.DATA;
        }
        case DATA -> {
          if (length == bytes.length) {
            return Progress.ROOM;
          }
          take(from);
          step = left == 0 ? Step.DATA_CR : Step.DATA;
        }
        case DATA_CR -> {
          expect(from.readByte(), '\r');
          step = Step.DATA_LF;
        }
        case DATA_LF -> {
          expect(from.readByte(), '\n');
          sizeDigits = 0;
          step = Step.SIZE;
        }
        case LAST_CR -> {
          expect(from.readByte(), '\r');
          step = Step.LAST_LF;
        }
        case LAST_LF -> {
          expect(from.readByte(), '\n');
          return Progress.WHOLE;
        }
      }
    }
    return Progress.MORE;
  }

  /// The whole request; this object is done with.
  HeldRequest held() {
    var whole = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    return new HeldRequest(head, whole, digest.digest(), lease);
  }

  /// Gives the memory back; there will be no request.
  void discard() {
    lease.close();
  }

  private void take(ByteBuf from) {
    int count = (int) Math.min(left, Math.min(from.readableBytes(), bytes.length - length));
    if (count > 0) {
      from.readBytes(bytes, length, count);
      digest.update(bytes, length, count);
      length += count;
      left -= count;
    }
  }

  private void size(byte digit) throws BrokenRequest {
    if (digit == '\r' && sizeDigits > 0) {
      if (length + left > max) {
        throw new BrokenRequest(
            RequestFault.Kind.BODY_TOO_LARGE,
            "a body in chunks that is longer than " + max + " bytes");
      }
      step = Step.SIZE_LF;
      return;
    }
    int value = Character.digit((char) digit, 16);
    if (value < 0 || digit < 0 || sizeDigits == MAX_SIZE_DIGITS) {
      throw new BrokenRequest(
          RequestFault.Kind.MALFORMED,
          "a chunk's size is not one to eight hexadecimal digits and CR LF");
    }
    left = (sizeDigits == 0 ? 0 : left) * 16 + value;
    sizeDigits++;
  }

  private static void expect(byte actual, char expected) throws BrokenRequest {
    if (actual != expected) {
      throw new BrokenRequest(
          RequestFault.Kind.MALFORMED,
          "a chunk does not end where it should, or a trailer follows");
    }
  }
}
