package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.journal.JournalFiles.JournalFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an earlier process left: read once at the start, every byte of it. A torn end, as a crash
/// leaves it, is cut off; damage in the middle is passed over and counted.
final class Recovered {

  /// Bytes of a file that cannot be one of ours, however full.
  private static final long FILE_BYTES_MAX = 256L << 20;

  private static final int GAPS_MAX = 64;

  final List<Segment> segments = new ArrayList<>();

  /// Intents without an outcome, each with its record.
  final Map<Long, byte[]> open = new LinkedHashMap<>();

  private final Set<Long> completed = new HashSet<>();
  private final JournalFiles files;

  /// Where the chain goes on; null when there is none.
  @Nullable ChainLink head;

  long lastIntent;
  long lastNumber;

  /// Bytes that were cut off.
  long tornBytes;

  /// Bytes that were passed over.
  long damagedBytes;

  /// Records that the sequence numbers show to be gone.
  long missing;

  /// Which they are, the first ones.
  final List<String> gaps = new ArrayList<>();

  private Recovered(JournalFiles files) {
    this.files = files;
  }

  /// Reads all segments.
  static Recovered from(JournalFiles files) throws IOException {
    Recovered recovered = new Recovered(files);
    List<Long> numbers = new ArrayList<>();
    for (String name : files.list()) {
      Segment.numberOf(name).ifPresent(numbers::add);
    }
    numbers.sort(null);
    for (long number : numbers) {
      recovered.lastNumber = number;
      recovered.segment(number);
    }
    return recovered;
  }

  private void segment(long number) throws IOException {
    JournalFile file = files.open(Segment.name(number));
    long size = file.size();
    if (size > FILE_BYTES_MAX) {
      file.close();
      throw new IOException(
          Segment.name(number) + " has " + size + " bytes and is no file of a journal");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) size);
    file.read(bytes, 0);
    FrameScanner scanner = new FrameScanner(bytes.flip());
    @Nullable Segment segment = null;
    for (Frame frame = scanner.next(); frame != null; frame = scanner.next()) {
      if (segment == null) {
        ChainLink start = startOf(frame);
        if (start == null) {
          continue;
        }
        goOn(start);
        segment = new Segment(number, file, start, size);
      }
      frame(segment, frame);
    }
    int end = scanner.goodEnd();
    tornBytes += size - end;
    damagedBytes += scanner.damaged();
    if (segment == null) {
      // Begun and not finished, or nothing left of it that can be used.
      file.close();
      files.delete(Segment.name(number));
      return;
    }
    if (end < size) {
      file.truncate(end);
      file.force();
    }
    segment.size = end;
    segment.synced = end;
    segment.sealed = true;
    segments.add(segment);
  }

  /// A segment begins with its place; when that is damaged, the first record tells it, if the chain
  /// is known.
  private @Nullable ChainLink startOf(Frame frame) {
    if (frame.type() == Frame.Type.CHAIN) {
      return frame.chain();
    }
    ChainLink known = head;
    if (frame.type() == Frame.Type.RECORD && known != null && frame.sequence() > 0) {
      return new ChainLink(known.chain(), frame.sequence() - 1, frame.hash());
    }
    return null;
  }

  private void goOn(ChainLink start) {
    ChainLink before = head;
    if (before != null
        && before.chain().equals(start.chain())
        && start.sequence() > before.sequence()) {
      gap(before.sequence() + 1, start.sequence());
    }
    head = start;
  }

  private void gap(long first, long last) {
    missing += last - first + 1;
    if (gaps.size() < GAPS_MAX) {
      gaps.add(first + "-" + last);
    }
  }

  private void frame(Segment segment, Frame frame) {
    switch (frame.type()) {
      case INTENT -> {
        if (!completed.contains(frame.intent())) {
          // It may stand here twice, when it was carried forward.
          open.put(frame.intent(), frame.payload());
        }
        lastIntent = Math.max(lastIntent, frame.intent());
      }
      case RECORD -> {
        ChainLink at = head == null ? segment.start : head;
        long skipped = frame.sequence() - 1 - at.sequence();
        if (skipped > 0) {
          gap(at.sequence() + 1, frame.sequence() - 1);
        }
        ChainLink before = new ChainLink(at.chain(), frame.sequence() - 1, frame.hash());
        head = before.next(frame.payload());
        if (frame.intent() != 0) {
          completed.add(frame.intent());
          open.remove(frame.intent());
          lastIntent = Math.max(lastIntent, frame.intent());
        }
      }
      case CHAIN, CHECKPOINT, PROBE -> {}
    }
  }
}
