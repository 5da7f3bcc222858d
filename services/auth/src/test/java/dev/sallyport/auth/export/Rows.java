package dev.sallyport.auth.export;

import dev.sallyport.audit.chain.ChainHash;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.Stored;
import dev.sallyport.audit.store.sqlite.SqliteAuditStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/// Records to export.
final class Rows {
  static final Instant START = Instant.parse("2030-01-31T10:15:00Z");
  private static final ChainId CHAIN = new ChainId("host", "0".repeat(32));
  private static final ChainLink ORIGIN = ChainLink.origin(CHAIN);

  private ChainLink at = ORIGIN;

  static SqliteAuditStore store(Path folder) throws IOException {
    return SqliteAuditStore.open(folder.resolve("audit.db"));
  }

  static String body(long number) {
    return """
    {"event":"user.login","code":"T1000W","time":"2030-01-31T10:15:00.000Z","uid":"u%d"}\
    """
        .formatted(number);
  }

  /// Puts more records into a store.
  void add(SqliteAuditStore store, int count) throws Exception {
    for (var i = 0; i < count; i++) {
      var body = body(at.sequence() + 1);
      var next = at.next(body.getBytes(StandardCharsets.UTF_8));
      var entry = new ChainEntry(next.sequence(), at.hash().hex(), next.hash().hex(), body);
      store.append(CHAIN, List.of(entry), START);
      at = next;
    }
  }

  /// Records without a store.
  static List<Stored> of(int first, int count) {
    return IntStream.range(first, first + count).mapToObj(i -> of(i, body(i))).toList();
  }

  static Stored of(long position, String body) {
    var hash = ChainHash.of(new byte[ChainHash.BYTES]).hex();
    return new Stored(
        position, START, CHAIN.toString(), new ChainEntry(position, hash, hash, body), false);
  }
}
