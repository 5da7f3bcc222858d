package dev.sallyport.audit.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// Files in memory that know what would survive the loss of power, and of which any step can fail.
final class MemoryFiles implements JournalFiles {

  private final Map<String, Content> files = new TreeMap<>();
  private long steps;
  private long failFrom = Long.MAX_VALUE;
  private long roomLeft = Long.MAX_VALUE;
  private boolean syncFails;
  private volatile @Nullable CountDownLatch stuck;
  private volatile @Nullable CountDownLatch syncStuck;
  private final CountDownLatch syncHangs = new CountDownLatch(1);

  private static final class Content {
    byte[] bytes = {};
    byte[] synced = {};
  }

  /// Files with these contents, as a process finds them that starts after another died.
  static MemoryFiles of(Map<String, byte[]> contents) {
    MemoryFiles memory = new MemoryFiles();
    contents.forEach((name, bytes) -> {
      Content content = new Content();
      content.bytes = bytes.clone();
      content.synced = bytes.clone();
      memory.files.put(name, content);
    });
    return memory;
  }

  /// What is in the files now.
  synchronized Map<String, byte[]> contents() {
    Map<String, byte[]> contents = new TreeMap<>();
    files.forEach((name, content) -> contents.put(name, content.bytes.clone()));
    return contents;
  }

  /// What is on the disk for sure.
  synchronized Map<String, byte[]> onDisk() {
    Map<String, byte[]> contents = new TreeMap<>();
    files.forEach((name, content) -> contents.put(name, content.synced.clone()));
    return contents;
  }

  /// The step with this number and all after it fail: the process is dead.
  synchronized void failFrom(long step) {
    failFrom = step;
  }

  synchronized long steps() {
    return steps;
  }

  /// The disk is full after so many more bytes.
  synchronized void room(long bytes) {
    roomLeft = bytes;
  }

  synchronized void syncFails(boolean fails) {
    syncFails = fails;
  }

  /// Writing waits until it is let go.
  void stick(CountDownLatch until) {
    stuck = until;
  }

  /// Bringing bytes to the disk waits until it is let go.
  void stickSync(CountDownLatch until) {
    syncStuck = until;
  }

  /// Ends when a call hangs by [#stickSync].
  CountDownLatch syncHangs() {
    return syncHangs;
  }

  private static void await(CountDownLatch wait) throws IOException {
    try {
      wait.await();
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
  }

  private synchronized void step() throws IOException {
    steps++;
    if (steps >= failFrom) {
      throw new IOException("dead since step " + failFrom);
    }
  }

  @Override
  public synchronized List<String> list() {
    return new ArrayList<>(files.keySet());
  }

  @Override
  public synchronized JournalFile create(String name) throws IOException {
    step();
    if (files.putIfAbsent(name, new Content()) != null) {
      throw new IOException(name + " exists");
    }
    return new MemoryFile(name);
  }

  @Override
  public synchronized JournalFile open(String name) throws IOException {
    step();
    return new MemoryFile(name);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    step();
    files.remove(name);
  }

  private final class MemoryFile implements JournalFile {
    private final String name;

    MemoryFile(String name) {
      this.name = name;
    }

    private Content content() throws IOException {
      Content content = files.get(name);
      if (content == null) {
        throw new IOException(name + " is gone");
      }
      return content;
    }

    @Override
    public void write(ByteBuffer bytes, long at) throws IOException {
      CountDownLatch wait = stuck;
      if (wait != null) {
        MemoryFiles.await(wait);
      }
      synchronized (MemoryFiles.this) {
        step();
        Content content = content();
        int count = (int) Math.min(bytes.remaining(), roomLeft);
        content.bytes =
            Arrays.copyOf(content.bytes, Math.max(content.bytes.length, (int) at + count));
        bytes.get(content.bytes, (int) at, count);
        roomLeft -= roomLeft == Long.MAX_VALUE ? 0 : count;
        if (bytes.hasRemaining()) {
          throw new IOException("No space left on device");
        }
      }
    }

    @Override
    public void read(ByteBuffer into, long at) throws IOException {
      synchronized (MemoryFiles.this) {
        byte[] bytes = content().bytes;
        into.put(bytes, (int) at, Math.min(into.remaining(), bytes.length - (int) at));
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (MemoryFiles.this) {
        return content().bytes.length;
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (MemoryFiles.this) {
        step();
        Content content = content();
        roomLeft += roomLeft == Long.MAX_VALUE ? 0 : content.bytes.length - size;
        content.bytes = Arrays.copyOf(content.bytes, (int) size);
      }
    }

    @Override
    public void force() throws IOException {
      CountDownLatch wait = syncStuck;
      if (wait != null) {
        syncHangs.countDown();
        MemoryFiles.await(wait);
      }
      synchronized (MemoryFiles.this) {
        step();
        if (syncFails) {
          throw new IOException("Input/output error");
        }
        Content content = content();
        content.synced = content.bytes.clone();
      }
    }

    @Override
    public void close() {}
  }
}
