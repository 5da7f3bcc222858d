package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.journal.Frame.Growing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The files of a journal, in their order. One thread writes, one makes sure that what was written
/// is on the disk, one reads and deletes; what they share is under this object's lock, which is
/// held while writing and never while waiting for the disk.
final class SegmentLog implements AutoCloseable {

  private static final int PROBE_BYTES = 4096;

  private final JournalFiles files;
  private final JournalSettings settings;
  private final Growing buffer = new Growing();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final Object syncing = new Object();
  private @Nullable Segment active;
  private ChainLink head;
  private long lastNumber;
  private long written;
  private long synced;
  private final AtomicLong bytes = new AtomicLong();
  private boolean closed;

  /// Goes on after what was recovered, in a new file.
  ///
  /// @param fresh the chain if there is none to go on with
  SegmentLog(JournalFiles files, JournalSettings settings, Recovered recovered, ChainId fresh) {
    this.files = files;
    this.settings = settings;
    this.head = recovered.head == null ? ChainLink.origin(fresh) : recovered.head;
    this.lastNumber = recovered.lastNumber;
    segments.addAll(recovered.segments);
    bytes.set(recovered.segments.stream().mapToLong(segment -> segment.size).sum());
  }

  /// Writes all of these, or none of them.
  ///
  /// @return whether anything was written
  synchronized boolean write(List<Staged> batch) throws IOException {
    if (batch.isEmpty()) {
      return false;
    }
    Segment segment = writable();
    buffer.clear();
    ChainLink link = head;
    for (Staged staged : batch) {
      if (staged.isIntent) {
        Frame.putIntent(buffer, staged.intent, staged.record);
      } else {
        Frame.putRecord(buffer, link, staged.intent, staged.record);
        link = link.next(staged.record);
      }
    }
    writeOut(segment);
    head = link;
    for (Staged staged : batch) {
      if (staged.isIntent) {
        staged.segment = segment;
        segment.open++;
      } else if (staged.completes != null && staged.completes.segment != null) {
        resolve(staged.completes.segment);
      }
    }
    return true;
  }

  /// Intents of an earlier process have their outcome now.
  synchronized void resolved(List<Segment> before) {
    before.forEach(segment -> {
      segment.open = 0;
      segment.resolvedAt = written;
    });
  }

  /// An intent whose outcome could not be written, and is counted as lost.
  synchronized void forget(Staged intent) {
    Segment segment = intent.segment;
    if (segment != null) {
      resolve(segment);
    }
  }

  private void resolve(Segment segment) {
    segment.open--;
    segment.resolvedAt = written;
  }

  /// Writes what the agent signed, after the record that it covers.
  synchronized void write(Checkpoint checkpoint) throws IOException {
    buffer.clear();
    Frame.putCheckpoint(buffer, CheckpointForm.bytes(checkpoint));
    writeOut(writable());
  }

  /// Finds out whether writing works.
  synchronized void probe() throws IOException {
    buffer.clear();
    Frame.putProbe(buffer, PROBE_BYTES);
    writeOut(writable());
  }

  private void writeOut(Segment segment) throws IOException {
    int count = buffer.size();
    try {
      segment.file.write(buffer.whole(), segment.size);
    } catch (IOException e) {
      giveUp(segment);
      throw e;
    }
    segment.size += count;
    written += count;
    bytes.addAndGet(count);
  }

  /// What was written in part is taken back, and the next try begins a new file: of this one nobody
  /// knows what is in it.
  private void giveUp(Segment segment) {
    try {
      segment.file.truncate(segment.size);
    } catch (IOException e) {
      // The end stays torn, and is passed over when the file is read.
    }
    try {
      segment.file.force();
    } catch (IOException e) {
      // It is sent while it can still be read.
    }
    segment.synced = segment.size;
    segment.sealed = true;
    active = null;
  }

  private Segment writable() throws IOException {
    if (closed) {
      throw new IOException("the journal is closed");
    }
    Segment current = active;
    if (current != null && current.size < settings.segmentBytes()) {
      return current;
    }
    if (current != null) {
      current.file.force();
      current.synced = current.size;
      current.sealed = true;
    }
    active = null;
    return begin();
  }

  private Segment begin() throws IOException {
    long number = lastNumber + 1;
    lastNumber = number;
    var file = files.create(Segment.name(number));
    try {
      Growing first = new Growing();
      // Twice, since without it the file cannot be used.
      Frame.putChain(first, head);
      Frame.putChain(first, head);
      ByteBuffer begin = ByteBuffer.allocate(Long.BYTES + first.size());
      begin.putLong(FrameScanner.MAGIC).put(first.whole()).flip();
      int size = begin.remaining();
      file.write(begin, 0);
      Segment segment = new Segment(number, file, head, size);
      segments.addLast(segment);
      active = segment;
      bytes.addAndGet(size);
      return segment;
    } catch (IOException e) {
      file.close();
      files.delete(Segment.name(number));
      throw e;
    }
  }

  /// Returns when everything written before the call is on the disk.
  void sync() throws IOException {
    synchronized (syncing) {
      Segment segment;
      long size;
      long total;
      synchronized (this) {
        total = written;
        segment = active;
        if (segment == null || segment.synced == segment.size) {
          synced = Math.max(synced, total);
          return;
        }
        size = segment.size;
      }
      try {
        segment.file.force();
      } catch (IOException e) {
        // What the disk did not take may be gone from memory, too: this file is not written again,
        // and is sent while it can still be read.
        synchronized (this) {
          segment.sealed = true;
          segment.synced = segment.size;
          if (active == segment) {
            active = null;
          }
        }
        throw e;
      }
      synchronized (this) {
        segment.synced = Math.max(segment.synced, size);
        synced = Math.max(synced, total);
      }
    }
  }

  /// Begins another chain in a new file. What is not delivered is for the caller to write again.
  synchronized void startOver(ChainId chain) throws IOException {
    Segment current = active;
    if (current != null) {
      current.file.force();
      current.synced = current.size;
      current.sealed = true;
      active = null;
    }
    ChainLink before = head;
    head = ChainLink.origin(chain);
    try {
      writable();
    } catch (IOException e) {
      head = before;
      throw e;
    }
  }

  /// The place after the last record.
  synchronized ChainLink head() {
    return head;
  }

  /// Bytes of all files together.
  long bytes() {
    return bytes.get();
  }

  synchronized @Nullable Segment firstSegment() {
    return segments.peekFirst();
  }

  /// The segment after this one; null when it is the last.
  synchronized @Nullable Segment after(Segment segment) {
    boolean found = false;
    for (Segment each : segments) {
      if (found) {
        return each;
      }
      found = each == segment;
    }
    return null;
  }

  /// The newest segment; null when there is none yet.
  synchronized @Nullable Segment lastSegment() {
    return segments.peekLast();
  }

  /// How much of a segment is on the disk, and whether it will not grow.
  synchronized long readable(Segment segment) {
    return segment.synced;
  }

  synchronized boolean isDone(Segment segment) {
    return segment.sealed && segment != active;
  }

  /// Deletes the segments before this one as far as nothing in them is needed any more: every
  /// record was delivered, every intent has its outcome, and that is on the disk.
  void deleteBefore(Segment needed) throws IOException {
    while (true) {
      Segment first;
      synchronized (this) {
        first = segments.peekFirst();
        if (first == null
            || first == needed
            || first == active
            || first.open > 0
            || first.resolvedAt > synced) {
          return;
        }
        segments.removeFirst();
        bytes.addAndGet(-first.size);
      }
      first.file.close();
      files.delete(first.name());
    }
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    active = null;
    for (Segment segment : segments) {
      segment.file.close();
    }
  }
}
