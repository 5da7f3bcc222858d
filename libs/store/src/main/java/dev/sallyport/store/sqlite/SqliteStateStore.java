package dev.sallyport.store.sqlite;

import dev.sallyport.store.CommitResult;
import dev.sallyport.store.FeedPage;
import dev.sallyport.store.Item;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.StoreException;
import dev.sallyport.store.StoreLimits;
import dev.sallyport.store.Write;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;

/// The state in one SQLite file: write-ahead log, one connection that writes, a few that read. A
/// commit is on disk before it is reported or shown to the feed. The file is readable by its owner
/// only, and a second process is refused.
public final class SqliteStateStore implements StateStore {
  private static final int READERS = 4;
  private static final Duration READER_WAIT_MAX = Duration.ofSeconds(10);
  private static final int BUSY_TIMEOUT_MILLIS = 5_000;

  private final InstantSource clock;
  private final StoreFile file;
  private final Connection writeConnection;
  private final Writer writer;
  private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock watching = new ReentrantLock();
  private final java.util.concurrent.locks.Condition advanced = watching.newCondition();
  private long head;
  private volatile boolean closed;

  private SqliteStateStore(InstantSource clock, StoreFile file) throws SQLException {
    this.clock = clock;
    this.file = file;
    this.writeConnection = forWriting().createConnection(file.url());
    Migrations.apply(writeConnection);
    this.writer = new Writer(writeConnection);
    for (var i = 0; i < READERS; i++) {
      readers.add(forReading().createConnection(file.url()));
    }
    this.head = Reader.revision(writeConnection);
  }

  /// Opens the file, makes it if it is missing, and brings it to the newest form.
  ///
  /// @throws StoreException if another process has it open, it is no state file, or it is of a
  ///   newer form than this program knows
  public static SqliteStateStore open(Path file, InstantSource clock) {
    var claimed = StoreFile.claim(file);
    try {
      return new SqliteStateStore(clock, claimed);
    } catch (SQLException e) {
      claimed.close();
      throw new StoreException("can't open the state file " + file + ": " + e.getMessage(), e);
    } catch (RuntimeException e) {
      claimed.close();
      throw e;
    }
  }

  @Override
  public Optional<Item> get(String key) {
    StoreLimits.checkKey(key);
    return read(connection -> Reader.get(connection, key, clock.instant()));
  }

  @Override
  public List<Item> range(String prefix, String after, int limit) {
    StoreLimits.checkPrefix(prefix);
    StoreLimits.checkPage(limit);
    return read(connection -> Reader.range(connection, prefix, after, limit, clock.instant()));
  }

  @Override
  public long revision() {
    return read(Reader::revision);
  }

  @Override
  public FeedPage changes(long since, List<String> prefixes, int limit) {
    StoreLimits.checkPage(limit);
    return read(connection -> Reader.changes(connection, since, prefixes, limit, clock.instant()));
  }

  @Override
  public CommitResult commit(List<Write> writes) {
    StoreLimits.checkWrites(writes);
    return write(() -> writer.commit(writes, clock.instant()));
  }

  @Override
  public int deleteExpired(int limit) {
    StoreLimits.checkPage(limit);
    var deleted = new ArrayList<String>();
    write(() -> writer.deleteExpired(limit, clock.instant(), deleted));
    return deleted.size();
  }

  @Override
  public long awaitBeyond(long revision, Duration atMost) throws InterruptedException {
    watching.lockInterruptibly();
    try {
      var left = atMost.toNanos();
      while (head <= revision && left > 0 && !closed) {
        left = advanced.awaitNanos(left);
      }
      return head;
    } finally {
      watching.unlock();
    }
  }

  /// Waits for a running commit, then closes; idle readers are closed with it, a busy one when its
  /// read ends.
  @Override
  public void close() {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      announce(0);
      for (var reader = readers.poll(); reader != null; reader = readers.poll()) {
        reader.close();
      }
      writeConnection.close();
    } catch (SQLException e) {
      throw new StoreException("can't close the state file " + file.path(), e);
    } finally {
      writing.unlock();
      file.close();
    }
  }

  private CommitResult write(Work<CommitResult> work) {
    writing.lock();
    try {
      if (closed) {
        throw closedStore();
      }
      var result = work.run();
      if (result instanceof CommitResult.Committed(long revision)) {
        announce(revision);
      }
      return result;
    } catch (SQLException e) {
      throw new StoreException("can't write the state file " + file.path(), e);
    } finally {
      writing.unlock();
    }
  }

  private void announce(long revision) {
    watching.lock();
    try {
      head = Math.max(head, revision);
      advanced.signalAll();
    } finally {
      watching.unlock();
    }
  }

  private <T> T read(ReadWork<T> work) {
    var connection = borrow();
    try {
      return work.run(connection);
    } catch (SQLException e) {
      throw new StoreException("can't read the state file " + file.path(), e);
    } finally {
      giveBack(connection);
    }
  }

  private Connection borrow() {
    try {
      var connection =
          closed ? null : readers.poll(READER_WAIT_MAX.toNanos(), TimeUnit.NANOSECONDS);
      if (connection == null) {
        throw closed
            ? closedStore()
            : new StoreException("the state file is too busy to read: " + file.path());
      }
      return connection;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("interrupted while waiting to read the state file", e);
    }
  }

  private void giveBack(Connection connection) {
    readers.add(connection);
    if (closed && readers.remove(connection)) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new StoreException("can't close the state file " + file.path(), e);
      }
    }
  }

  private StoreException closedStore() {
    return new StoreException("the state file is closed: " + file.path());
  }

  private static SQLiteConfig forWriting() {
    var configuration = new SQLiteConfig();
    configuration.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    configuration.setJournalMode(SQLiteConfig.JournalMode.WAL);
    configuration.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    configuration.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    // Overwrites what is deleted, so that no old secret stays in free pages.
    configuration.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "true");
    return configuration;
  }

  private static SQLiteConfig forReading() {
    var configuration = new SQLiteConfig();
    configuration.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    configuration.setReadOnly(true);
    return configuration;
  }

  /// Work on the writing connection.
  private interface Work<T> {
    T run() throws SQLException;
  }

  /// Work on a reading connection.
  private interface ReadWork<T> {
    T run(Connection connection) throws SQLException;
  }
}
