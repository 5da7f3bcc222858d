package dev.sallyport.control;

import dev.sallyport.audit.chain.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A [JournalBatch] on its way to Auth: one line of JSON that tells all but the records, then the
/// records' bytes one after the other, without anything between them. As text in JSON, each record,
/// which is JSON itself, would be escaped here and unescaped there, which took an agent more than
/// all else about its delivery.
public final class JournalWire {

  /// Of a body of this form.
  public static final String CONTENT_TYPE = "application/vnd.sallyport.journal";

  /// The longest first line, in bytes.
  static final int LINE_MAX = 256 << 10;

  private JournalWire() {}

  /// All of a batch but its records.
  ///
  /// @param lengths of the records, in bytes
  private record Line(
      String agent,
      String epoch,
      long first,
      String previous,
      String head,
      List<Checkpoint> checkpoints,
      List<@Nullable Integer> lengths) {}

  /// The body that is sent.
  static byte[] bytes(JournalBatch batch) {
    var records = new ArrayList<byte[]>(batch.records().size());
    var lengths = new ArrayList<@Nullable Integer>(batch.records().size());
    int length = 0;
    for (var record : batch.records()) {
      var bytes = record.getBytes(StandardCharsets.UTF_8);
      records.add(bytes);
      lengths.add(bytes.length);
      length += bytes.length;
    }
    var line =
        ControlJson.bytes(
            new Line(
                batch.agent(),
                batch.epoch(),
                batch.first(),
                batch.previous(),
                batch.head(),
                batch.checkpoints(),
                lengths));
    var body = Arrays.copyOf(line, line.length + 1 + length);
    int at = line.length;
    body[at++] = '\n';
    for (var record : records) {
      System.arraycopy(record, 0, body, at, record.length);
      at += record.length;
    }
    return body;
  }

  /// Reads what an agent sent.
  ///
  /// @throws ControlException of kind BAD_PARAMETER for anything that [#bytes] does not make
  public static JournalBatch read(byte[] body) {
    int end = lineEnd(body);
    var line = ControlJson.request(Arrays.copyOf(body, end), Line.class);
    if (line.lengths().size() > JournalBatch.RECORDS_MAX) {
      throw bad("more than " + JournalBatch.RECORDS_MAX + " records");
    }
    var records = new ArrayList<String>(line.lengths().size());
    int at = end + 1;
    for (@Nullable Integer length : line.lengths()) {
      if (length == null || length < 0) {
        throw bad("record " + records.size() + " has no length");
      }
      if (length > body.length - at) {
        throw bad("record " + records.size() + " is longer than what is there");
      }
      records.add(new String(body, at, length, StandardCharsets.UTF_8));
      at += length;
    }
    if (at != body.length) {
      throw bad(body.length - at + " bytes follow the last record");
    }
    return batch(line, records);
  }

  private static JournalBatch batch(Line line, List<String> records) {
    try {
      return new JournalBatch(
          line.agent(),
          line.epoch(),
          line.first(),
          line.previous(),
          records,
          line.head(),
          line.checkpoints());
    } catch (NullPointerException | IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "the request is no journal batch", e);
    }
  }

  private static int lineEnd(byte[] body) {
    for (int i = 0; i < Math.min(body.length, LINE_MAX); i++) {
      if (body[i] == '\n') {
        return i;
      }
    }
    throw bad("no line of at most " + LINE_MAX + " bytes comes first");
  }

  private static ControlException bad(String why) {
    return new ControlException(ErrorKind.BAD_PARAMETER, "the request is no journal batch: " + why);
  }
}
