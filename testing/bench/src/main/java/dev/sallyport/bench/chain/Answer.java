package dev.sallyport.bench.chain;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// An answer that {@link CannedUpstream} has ready. A request chooses it by its table's name.
enum Answer {
  EMPTY("bench-write", 2),
  SMALL("bench-400b", 400),
  MEDIUM("bench-4kb", 4 << 10),
  LARGE("bench-256kb", 256 << 10);

  private static final String OPEN = "{\"Item\":{\"Id\":{\"S\":\"1\"},\"Text\":{\"S\":\"";
  private static final String CLOSE = "\"}}}";

  final String table;
  final byte[] body;
  final String crc32;

  Answer(String table, int bytes) {
    this.table = table;
    this.body = body(bytes);
    var crc = new CRC32();
    crc.update(body);
    this.crc32 = Long.toString(crc.getValue());
  }

  private static byte[] body(int bytes) {
    int filling = bytes - OPEN.length() - CLOSE.length();
    var text = filling < 0 ? "{}" : OPEN + "x".repeat(filling) + CLOSE;
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
