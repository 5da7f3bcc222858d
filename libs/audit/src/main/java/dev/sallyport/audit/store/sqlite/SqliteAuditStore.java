package dev.sallyport.audit.store.sqlite;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.store.Appended;
import dev.sallyport.audit.store.AuditQuery;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.Bookmark;
import dev.sallyport.audit.store.ChainEntry;
import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.Dropped;
import dev.sallyport.audit.store.Found;
import dev.sallyport.audit.store.KeptCheckpoint;
import dev.sallyport.audit.store.Retention;
import dev.sallyport.audit.store.SessionSummary;
import dev.sallyport.audit.store.Stored;
import dev.sallyport.audit.store.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Records and their index in one SQLite file: write-ahead log, synced at each commit, one
/// connection that writes, a few that read. That only one process has it is for the owner of the
/// folder to see to, who holds the lock of the state file.
public final class SqliteAuditStore implements AuditStore {
  private static final int READERS = 3;
  private static final long ROOM_MIN = 1 << 20;
  private static final Duration READER_WAIT_MAX = Duration.ofSeconds(30);

  private final AuditFile file;
  private final Connection writer;
  private final Appender appender;
  private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock watching = new ReentrantLock();
  private final Condition grown = watching.newCondition();
  private volatile boolean closed;
  private volatile boolean failing;

  private SqliteAuditStore(AuditFile file) throws SQLException {
    this.file = file;
    this.writer = file.writer();
    this.appender = new Appender(writer);
    for (var i = 0; i < READERS; i++) {
      readers.add(file.reader());
    }
  }

  /// Opens the file, makes it if it is missing, and brings it to the newest form.
  ///
  /// @throws IOException if it can't be used; the message says why
  public static SqliteAuditStore open(Path path) throws IOException {
    var file = new AuditFile(path);
    try {
      return new SqliteAuditStore(file);
    } catch (SQLException e) {
      throw new IOException("can't open the audit store " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Appended append(ChainId chain, List<ChainEntry> entries, Instant now, Set<Long> setAside)
      throws AuditUnavailable {
    if (entries.size() > BATCH_MAX) {
      throw new IllegalArgumentException(
          "entries: %d (expected: at most %d)".formatted(entries.size(), BATCH_MAX));
    }
    var appended =
        write(() -> {
          var result = appender.append(chain, entries, now, setAside);
          if (result instanceof Appended.Broken) {
            // Whatever stood before the broken record in this batch goes too: all or none.
            writer.rollback();
          }
          return result;
        });
    if (appended instanceof Appended.Done(int fresh, long _) && fresh > 0) {
      announce();
    }
    return appended;
  }

  @Override
  public long setAside() throws AuditUnavailable {
    return read(
        connection -> Sql.number(connection, "SELECT COUNT(*) FROM record WHERE set_aside = 1"));
  }

  @Override
  public boolean knows(ChainId chain, String uid) throws AuditUnavailable {
    return read(connection ->
        Sql.number(
            connection,
            "SELECT 1 FROM event WHERE uid = ? AND chain = (SELECT id FROM chain WHERE name"
                + " = ?)",
            uid,
            chain.toString()))
        > 0;
  }

  @Override
  public Optional<Span> span(String chain, Instant from, Instant to) throws AuditUnavailable {
    return read(connection ->
            Sql.rows(
                connection,
                row -> new Span(row.getLong(1), row.getLong(2)),
                "SELECT MIN(sequence), MAX(sequence) FROM record WHERE chain = (SELECT id FROM"
                    + " chain WHERE name = ?) AND came_millis >= ? AND came_millis < ?",
                chain,
                from.toEpochMilli(),
                to.toEpochMilli()))
        .stream()
        .filter(span -> span.first() > 0)
        .findFirst();
  }

  @Override
  public long awaitBeyond(long position, Duration atMost)
      throws AuditUnavailable, InterruptedException {
    watching.lockInterruptibly();
    try {
      var left = atMost.toNanos();
      var newest = position();
      while (newest <= position && left > 0 && !closed) {
        left = grown.awaitNanos(left);
        newest = position();
      }
      return newest;
    } finally {
      watching.unlock();
    }
  }

  private void announce() {
    watching.lock();
    try {
      grown.signalAll();
    } finally {
      watching.unlock();
    }
  }

  @Override
  public void checkpoint(KeptCheckpoint checkpoint) throws AuditUnavailable {
    write(() -> {
      Chains.checkpoint(writer, checkpoint);
      return checkpoint;
    });
  }

  @Override
  public Optional<ChainHead> head(String chain) throws AuditUnavailable {
    return read(connection -> Chains.head(connection, chain));
  }

  @Override
  public List<ChainHead> chains() throws AuditUnavailable {
    return read(Chains::all);
  }

  @Override
  public List<ChainEntry> entries(String chain, long from, int limit) throws AuditUnavailable {
    return read(connection -> Chains.entries(connection, chain, from, limit));
  }

  @Override
  public List<KeptCheckpoint> checkpoints(String chain, long from, int limit)
      throws AuditUnavailable {
    return read(connection -> Chains.checkpoints(connection, chain, from, limit));
  }

  @Override
  public Found search(AuditQuery query) throws AuditUnavailable {
    return read(connection -> Searcher.search(connection, query));
  }

  @Override
  public List<Stored> after(long position, int limit, long characters) throws AuditUnavailable {
    return read(connection -> Reader.after(connection, position, limit, characters));
  }

  @Override
  public long position() throws AuditUnavailable {
    return read(
        connection -> Sql.number(connection, "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence"));
  }

  @Override
  public List<SessionSummary> sessions(Instant from, Instant to, AuditQuery.Filter what, int limit)
      throws AuditUnavailable {
    return read(connection -> Searcher.sessions(connection, from, to, what, limit));
  }

  @Override
  public List<Tally> top(Tally.By by, Instant from, Instant to, int limit) throws AuditUnavailable {
    return read(connection -> Searcher.top(connection, by, from, to, limit));
  }

  @Override
  public void ready() throws AuditUnavailable {
    if (closed) {
      throw closedStore();
    }
    if (failing || file.path().toFile().getUsableSpace() < ROOM_MIN) {
      // What failed before is tried for real: only a commit tells that it works again.
      bookmark("probe", position());
    }
  }

  @Override
  public Dropped retain(Retention retention, Instant now, int most, Collection<String> readers)
      throws AuditUnavailable {
    var dropped = write(() -> Dropper.drop(writer, retention, now, most, readers));
    if (dropped.records() > 0) {
      locked(() -> {
        Dropper.giveBack(writer);
        return dropped;
      });
    }
    return dropped;
  }

  @Override
  public Bookmark bookmark(String reader) throws AuditUnavailable {
    return read(connection -> Reader.bookmark(connection, reader));
  }

  @Override
  public void bookmark(String reader, long position) throws AuditUnavailable {
    write(() -> {
      Reader.bookmark(writer, reader, position);
      return reader;
    });
  }

  @Override
  public long bytes() throws AuditUnavailable {
    return read(Dropper::bytes);
  }

  @Override
  public void close() {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      announce();
      for (var reader = readers.poll(); reader != null; reader = readers.poll()) {
        reader.close();
      }
      appender.close();
      writer.close();
    } catch (SQLException e) {
      throw new IllegalStateException("can't close the audit store " + file.path(), e);
    } finally {
      writing.unlock();
    }
  }

  private <T> T write(Sql.Work<T> work) throws AuditUnavailable {
    return locked(() -> Sql.transaction(writer, work));
  }

  private <T> T locked(Sql.Work<T> work) throws AuditUnavailable {
    writing.lock();
    try {
      if (closed) {
        throw closedStore();
      }
      var result = work.run();
      failing = false;
      return result;
    } catch (SQLException e) {
      failing = true;
      throw new AuditUnavailable("the audit store " + file.path() + " can't be written", e);
    } finally {
      writing.unlock();
    }
  }

  private <T> T read(Reading<T> work) throws AuditUnavailable {
    var connection = borrow();
    try {
      return work.run(connection);
    } catch (SQLException e) {
      throw new AuditUnavailable("the audit store " + file.path() + " can't be read", e);
    } finally {
      giveBack(connection);
    }
  }

  private Connection borrow() throws AuditUnavailable {
    try {
      @Nullable Connection connection =
          closed ? null : readers.poll(READER_WAIT_MAX.toNanos(), TimeUnit.NANOSECONDS);
      if (connection == null) {
        throw closed
            ? closedStore()
            : new AuditUnavailable("the audit store is too busy to read: " + file.path());
      }
      return connection;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AuditUnavailable("interrupted while waiting to read the audit store", e);
    }
  }

  private void giveBack(Connection connection) {
    readers.add(connection);
    if (closed && readers.remove(connection)) {
      try {
        connection.close();
      } catch (SQLException e) {
        throw new IllegalStateException("can't close the audit store " + file.path(), e);
      }
    }
  }

  private AuditUnavailable closedStore() {
    return new AuditUnavailable("the audit store is closed: " + file.path());
  }

  /// Work on a reading connection.
  private interface Reading<T> {
    T run(Connection connection) throws SQLException;
  }
}
