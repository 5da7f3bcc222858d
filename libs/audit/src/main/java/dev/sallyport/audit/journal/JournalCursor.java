package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the records of a journal in their order, as far as they are on the disk. Belongs to one
/// thread.
final class JournalCursor {

  /// What is read at a time.
  private static final int CHUNK = 512 << 10;

  /// What is read where no whole frame is in that; more than the longest frame.
  private static final int CHUNK_MAX = 2 << 20;

  private final SegmentLog log;
  private final int recordsMax;
  private final int bytesMax;
  private final int checkpointsMax;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
  private @Nullable Segment segment;
  private long at;
  private boolean through;
  private @Nullable ChainLink last;

  JournalCursor(SegmentLog log, int recordsMax, int bytesMax, int checkpointsMax) {
    this.log = log;
    this.recordsMax = recordsMax;
    this.bytesMax = bytesMax;
    this.checkpointsMax = checkpointsMax;
  }

  /// The next run; empty when there is none yet. The cursor is behind it then.
  Optional<ChainRun> next() throws IOException {
    while (true) {
      Segment current = segment;
      if (current == null) {
        current = log.firstSegment();
        if (current == null) {
          return Optional.empty();
        }
        enter(current);
      }
      boolean done = log.isDone(current);
      long readable = log.readable(current);
      if (at < readable) {
        Optional<ChainRun> run = read(current, readable, chunk);
        if (run.isPresent()) {
          return run;
        }
      } else if (done) {
        Segment next = log.after(current);
        if (next == null) {
          return Optional.empty();
        }
        enter(next);
      } else {
        return Optional.empty();
      }
    }
  }

  /// Whether the last run reached the end of what its file held.
  boolean isThrough() {
    return through;
  }

  /// Where it reads; what is in the segments before was read.
  @Nullable Segment segment() {
    return segment;
  }

  /// Goes on with the newest segment: what is before is of no interest any more.
  void skipTo(Segment next) {
    enter(next);
  }

  private void enter(Segment next) {
    ChainLink before = last;
    segment = next;
    at = 0;
    if (before == null
        || !before.chain().equals(next.start.chain())
        || before.sequence() != next.start.sequence()) {
      last = next.start;
    }
  }

  private Optional<ChainRun> read(Segment from, long readable, ByteBuffer bytes)
      throws IOException {
    int count = (int) Math.min(bytes.capacity(), readable - at);
    from.file.read(bytes.clear().limit(count), at);
    FrameScanner scanner = new FrameScanner(bytes.flip());
    Run run = new Run(last == null ? from.start : last);
    int end = 0;
    for (Frame frame = scanner.next(); frame != null; frame = scanner.next()) {
      if (!run.takes(frame)) {
        break;
      }
      end = scanner.goodEnd();
    }
    if (end == 0) {
      end = scanner.goodEnd();
    }
    boolean whole = count == readable - at;
    if (end == 0 && !whole && bytes.capacity() < CHUNK_MAX) {
      return read(from, readable, ByteBuffer.allocate(CHUNK_MAX));
    }
    if (end == 0 && whole) {
      // Nothing but damage up to the end.
      end = count;
    } else if (end == 0) {
      // No frame begins in all of this, except perhaps one that goes on beyond.
      end = count - Frame.BODY_MAX - Frame.HEADER;
    }
    at += end;
    through = at == readable;
    last = run.head;
    return run.isEmpty() ? Optional.empty() : Optional.of(run.made());
  }

  /// A run that is being gathered.
  private final class Run {
    private final List<String> records = new ArrayList<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private ChainLink start;
    private ChainLink head;
    private int bytes;

    Run(ChainLink start) {
      this.start = start;
      this.head = start;
    }

    /// Takes the frame, or leaves it to the next run.
    boolean takes(Frame frame) {
      return switch (frame.type()) {
        case RECORD -> record(frame);
        case CHECKPOINT -> checkpoint(frame);
        case CHAIN, INTENT, PROBE -> true;
      };
    }

    private boolean record(Frame frame) {
      if (frame.sequence() != head.sequence() + 1) {
        if (!isEmpty()) {
          return false;
        }
        // What is between is damaged; Auth sees the gap.
        start = new ChainLink(head.chain(), frame.sequence() - 1, frame.hash());
        head = start;
      }
      byte[] record = frame.payload();
      if (records.size() == recordsMax
          || (bytes + record.length > bytesMax && !records.isEmpty())) {
        return false;
      }
      records.add(new String(record, StandardCharsets.UTF_8));
      bytes += record.length;
      head = head.next(record);
      return true;
    }

    private boolean checkpoint(Frame frame) {
      Checkpoint checkpoint = CheckpointForm.read(frame.payload());
      if (checkpoint == null || !checkpoint.link().chain().equals(head.chain())) {
        return true;
      }
      if (checkpoints.size() == checkpointsMax) {
        return false;
      }
      checkpoints.add(checkpoint);
      return true;
    }

    boolean isEmpty() {
      return records.isEmpty() && checkpoints.isEmpty();
    }

    ChainRun made() {
      return new ChainRun(start, records, head, checkpoints);
    }
  }
}
