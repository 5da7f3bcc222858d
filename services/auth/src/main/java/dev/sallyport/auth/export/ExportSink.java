package dev.sallyport.auth.export;

import dev.sallyport.audit.store.Stored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// Puts records where they are copied to. For one thread.
interface ExportSink extends AutoCloseable {

  /// Where, for people; no secret in it.
  String target();

  /// How much at a time.
  Pace pace();

  /// Puts records there, in order. When it returns, they are there as surely as the place can tell.
  /// When it throws, any number of them may be, and all are put again.
  void put(List<Stored> records) throws IOException, InterruptedException;

  @Override
  void close();

  /// How much is put at a time.
  ///
  /// @param records most
  /// @param characters most of all bodies together
  /// @param linger how long a record waits for others after it came
  record Pace(int records, long characters, Duration linger) {
    /// At once, in pieces that do no harm.
    static final Pace AT_ONCE = new Pace(500, 1 << 20, Duration.ZERO);
  }

  /// A record as one line with its end: what was recorded, with line ends between its JSON tokens
  /// taken out.
  static byte[] line(Stored record) {
    return (oneLine(record) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /// A record without line ends.
  static String oneLine(Stored record) {
    return record.entry().body().replace('\n', ' ').replace('\r', ' ');
  }
}
