package dev.sallyport.audit.journal;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.chain.ChainHash;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One entry of a segment file, as it is in the file:
///
/// ```
/// length of body (4) │ CRC-32C of body (4) │ body
/// body of CHAIN      = 1 │ sequence (8) │ hash (32) │ agent "\n" epoch
/// body of INTENT     = 2 │ intent (8) │ record
/// body of RECORD     = 3 │ sequence (8) │ intent (8) │ hash before it (32) │ record
/// body of CHECKPOINT = 4 │ lines of text
/// body of PROBE      = 5 │ zeros
/// ```
///
/// Numbers have their big end first. A RECORD holds the chain's hash before it, so that each can be
/// used also when one before it is damaged.
final class Frame {

  static final int HEADER = 8;

  /// The longest body. A record is a line of at most [AuditJson#LINE_BYTES_MAX].
  static final int BODY_MAX = AuditJson.LINE_BYTES_MAX + 64;

  private static final int RECORD_FIXED = 1 + Long.BYTES + Long.BYTES + ChainHash.BYTES;
  private static final int INTENT_FIXED = 1 + Long.BYTES;
  private static final int CHAIN_FIXED = 1 + Long.BYTES + ChainHash.BYTES;

  /// What it is.
  enum Type {
    CHAIN(1, CHAIN_FIXED),
    INTENT(2, INTENT_FIXED),
    RECORD(3, RECORD_FIXED),
    CHECKPOINT(4, 1),
    PROBE(5, 1);

    private final byte number;
    private final int fixed;

    Type(int number, int fixed) {
      this.number = (byte) number;
      this.fixed = fixed;
    }

    private static @Nullable Type of(byte number) {
      for (Type type : TYPES) {
        if (type.number == number) {
          return type;
        }
      }
      return null;
    }
  }

  private static final Type[] TYPES = Type.values();

  private final ByteBuffer body;
  private final Type type;

  private Frame(Type type, ByteBuffer body) {
    this.type = type;
    this.body = body;
  }

  Type type() {
    return type;
  }

  /// Length in the file.
  int size() {
    return HEADER + body.limit();
  }

  long sequence() {
    return body.getLong(1);
  }

  /// Which intent it is, or which one it completes; 0 for none.
  long intent() {
    return body.getLong(type == Type.INTENT ? 1 : 1 + Long.BYTES);
  }

  /// The hash before the record; of a CHAIN, the hash at its sequence.
  ChainHash hash() {
    byte[] hash = new byte[ChainHash.BYTES];
    body.get(type == Type.CHAIN ? 1 + Long.BYTES : 1 + 2 * Long.BYTES, hash);
    return ChainHash.of(hash);
  }

  byte[] payload() {
    byte[] payload = new byte[body.limit() - type.fixed];
    body.get(type.fixed, payload);
    return payload;
  }

  /// The place that a CHAIN names; null when it names none.
  @Nullable ChainLink chain() {
    String[] name = new String(payload(), StandardCharsets.UTF_8).split("\n", 2);
    try {
      return name.length == 2
          ? new ChainLink(new ChainId(name[0], name[1]), sequence(), hash())
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// The frame at the buffer's position, which is not moved; null when there is no whole one.
  static @Nullable Frame at(ByteBuffer bytes) {
    int start = bytes.position();
    if (bytes.remaining() < HEADER + 1) {
      return null;
    }
    int length = bytes.getInt(start);
    if (length < 1 || length > BODY_MAX || length > bytes.remaining() - HEADER) {
      return null;
    }
    ByteBuffer body = bytes.slice(start + HEADER, length);
    Type type = Type.of(body.get(0));
    if (type == null || length < type.fixed || crc(body) != bytes.getInt(start + Integer.BYTES)) {
      return null;
    }
    return new Frame(type, body);
  }

  static void putChain(Growing into, ChainLink link) {
    byte[] name =
        (link.chain().agent() + "\n" + link.chain().epoch()).getBytes(StandardCharsets.UTF_8);
    ByteBuffer body = into.begin(CHAIN_FIXED + name.length);
    body.put(Type.CHAIN.number).putLong(link.sequence()).put(link.hash().bytes());
    into.end(body.put(name));
  }

  static void putIntent(Growing into, long intent, byte[] record) {
    ByteBuffer body = into.begin(INTENT_FIXED + record.length);
    into.end(body.put(Type.INTENT.number).putLong(intent).put(record));
  }

  /// @param before the place before the record
  static void putRecord(Growing into, ChainLink before, long intent, byte[] record) {
    ByteBuffer body = into.begin(RECORD_FIXED + record.length);
    body.put(Type.RECORD.number).putLong(before.sequence() + 1).putLong(intent);
    into.end(body.put(before.hash().bytes()).put(record));
  }

  static void putCheckpoint(Growing into, byte[] json) {
    ByteBuffer body = into.begin(1 + json.length);
    into.end(body.put(Type.CHECKPOINT.number).put(json));
  }

  static void putProbe(Growing into, int size) {
    ByteBuffer body = into.begin(1 + size);
    into.end(body.put(Type.PROBE.number).put(new byte[size]));
  }

  private static int crc(ByteBuffer body) {
    CRC32C crc = new CRC32C();
    crc.update(body.duplicate());
    return (int) crc.getValue();
  }

  /// A buffer that frames are put into, one after the other.
  static final class Growing {
    private ByteBuffer bytes = ByteBuffer.allocateDirect(64 * 1024);

    private ByteBuffer begin(int length) {
      if (bytes.remaining() < HEADER + length) {
        int wanted = bytes.position() + HEADER + length;
        ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(2 * bytes.capacity(), wanted));
        bytes = larger.put(bytes.flip());
      }
      return bytes.slice(bytes.position() + HEADER, length);
    }

    private void end(ByteBuffer body) {
      bytes.putInt(body.limit()).putInt(crc(body.rewind()));
      bytes.position(bytes.position() + body.limit());
    }

    int size() {
      return bytes.position();
    }

    /// What was put; to be called once before [#clear].
    ByteBuffer whole() {
      return bytes.flip();
    }

    void clear() {
      bytes.clear();
    }
  }
}
