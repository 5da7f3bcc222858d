package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.journal.Frame.Growing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The files of a journal, in their order. One thread writes, one makes sure that what was written
/// is on the disk, one reads and deletes; what they share is under this object's lock, which is
/// held while writing and never while waiting for the disk.
final class SegmentLog implements AutoCloseable {

  private static final int PROBE_BYTES = 4096;
  private static final int CARRY_PART = 4;

  private final JournalFiles files;
  private final JournalSettings settings;
  private final Growing buffer = new Growing();
  private final Deque<Segment> segments = new ArrayDeque<>();
  private final Object syncing = new Object();
  private final DiskPace pace = new DiskPace();
  private @Nullable Segment active;
  private ChainLink head;
  private long lastNumber;
  private long written;
  private long synced;
  private final AtomicLong bytes = new AtomicLong();
  private long openBytes;

  /// Files that the disk did not take when it was asked to.
  private final Set<Segment> doubtful = new LinkedHashSet<>();

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
        segment.open.add(staged);
        openBytes += staged.record.length;
      } else if (staged.completes != null) {
        resolve(staged.completes);
      }
    }
    return true;
  }

  /// Whether a record can be written now without a wait for the disk: no file has to be ended or
  /// begun, and the disk is quick.
  synchronized boolean isReady() {
    Segment current = active;
    return !closed
        && current != null
        && current.size < settings.segmentBytes()
        && pace.isQuick(System.nanoTime());
  }

  /// Intents of an earlier process have their outcome now.
  synchronized void resolved(List<Segment> before) {
    before.forEach(segment -> segment.resolvedAt = written);
  }

  /// An intent whose outcome could not be written, and is counted as lost.
  synchronized void forget(Staged intent) {
    resolve(intent);
  }

  private void resolve(Staged intent) {
    Segment segment = intent.segment;
    if (segment != null && segment.open.remove(intent)) {
      segment.resolvedAt = written;
      openBytes -= intent.record.length;
    }
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
    long begun = System.nanoTime();
    try {
      segment.file.write(buffer.whole(), segment.size);
      pace.wrote(begun, System.nanoTime());
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
      seal(segment);
    } catch (IOException e) {
      // It is sent while it can still be read.
    }
  }

  /// Nothing more is written to it.
  private void seal(Segment segment) throws IOException {
    active = null;
    segment.sealed = true;
    try {
      segment.file.force();
    } catch (IOException e) {
      doubtful.add(segment);
      throw e;
    } finally {
      segment.synced = segment.size;
    }
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
      seal(current);
    }
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

  /// Returns when everything written before the call is on the disk, except what an earlier call
  /// failed for.
  void sync() throws IOException {
    synchronized (syncing) {
      Segment segment;
      long size;
      long total;
      synchronized (this) {
        // Of a file that the disk did not take, nobody knows what is on it: it stays at that.
        total = doubtful.isEmpty() ? written : synced;
        segment = active;
        if (segment == null || segment.synced == segment.size) {
          synced = Math.max(synced, total);
          return;
        }
        size = segment.size;
      }
      pace.waits(System.nanoTime());
      try {
        segment.file.force();
      } catch (IOException e) {
        // What the disk did not take may be gone from memory, too: this file is not written again,
        // and is sent while it can still be read.
        synchronized (this) {
          doubtful.add(segment);
          segment.sealed = true;
          segment.synced = segment.size;
          if (active == segment) {
            active = null;
          }
        }
        throw e;
      } finally {
        pace.waited();
      }
      synchronized (this) {
        segment.synced = Math.max(segment.synced, size);
        synced = Math.max(synced, total);
      }
    }
  }

  /// Returns when what was written last is on the disk; also another thread's failure to bring it
  /// there is a failure.
  void syncWritten() throws IOException {
    Segment segment = lastSegment();
    sync();
    synchronized (this) {
      if (segment != null && doubtful.contains(segment)) {
        throw new IOException("the disk did not take " + segment.name());
      }
    }
  }

  /// Begins another chain in a new file. What is not delivered is for the caller to write again.
  synchronized void startOver(ChainId chain) throws IOException {
    Segment current = active;
    if (current != null) {
      seal(current);
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
  /// record was delivered, every intent has its outcome or was carried forward, and that is on the
  /// disk.
  void deleteBefore(Segment needed) throws IOException {
    settle(needed);
    while (true) {
      Segment first;
      synchronized (this) {
        first = segments.peekFirst();
        if (first == null || first == needed || first == active) {
          return;
        }
        if (!first.open.isEmpty() && mayCarry()) {
          carry(first);
        }
        if (!first.open.isEmpty() || first.resolvedAt > synced) {
          return;
        }
        segments.removeFirst();
        bytes.addAndGet(-first.size);
      }
      first.file.close();
      files.delete(first.name());
    }
  }

  /// Auth has the records of these files, and their open intents are written again: so nothing
  /// depends any more on what the disk did not take.
  private synchronized void settle(Segment needed) throws IOException {
    for (Segment segment : List.copyOf(doubtful)) {
      if (segment.number < needed.number && segment != active) {
        if (!segment.open.isEmpty()) {
          carry(segment);
        }
        doubtful.remove(segment);
      }
    }
  }

  /// A request that takes long must not hold all that came after it. Its intent is written again
  /// once the files take a quarter of what they may; not when open intents themselves take half of
  /// that, since then little would come of it.
  private boolean mayCarry() {
    long quarter = settings.diskBytes() / CARRY_PART;
    return bytes.get() >= quarter && openBytes < quarter / 2;
  }

  /// Writes the open intents of a segment again, under the same numbers: whoever recovers takes
  /// each once. The old ones stay until these are on the disk.
  private void carry(Segment from) throws IOException {
    Segment into = writable();
    buffer.clear();
    from.open.forEach(intent -> Frame.putIntent(buffer, intent.intent, intent.record));
    writeOut(into);
    from.open.forEach(intent -> intent.segment = into);
    into.open.addAll(from.open);
    from.open.clear();
    from.resolvedAt = written;
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
