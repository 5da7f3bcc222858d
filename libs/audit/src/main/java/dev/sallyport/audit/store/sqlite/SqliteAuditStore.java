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
import dev.sallyport.audit.store.IndexPiece;
import dev.sallyport.audit.store.KeptCheckpoint;
import dev.sallyport.audit.store.Retention;
import dev.sallyport.audit.store.SearchTooSlow;
import dev.sallyport.audit.store.SessionSummary;
import dev.sallyport.audit.store.Stored;
import dev.sallyport.audit.store.Tally;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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

  /// Longest time of a search, and of a summary.
  private static final Duration SEARCH_MAX = Duration.ofSeconds(20);

  private final AuditFile file;
  private final TimeLimit limit;
  private final Connection writer;
  private final Appender appender;
  private final BlockingQueue<Connection> readers = new ArrayBlockingQueue<>(READERS);
  // Whoever waits for records to come asks this, and not the file.
  private final AtomicLong newest;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock watching = new ReentrantLock();
  private final Condition grown = watching.newCondition();
  private volatile boolean closed;
  private volatile boolean failing;

  private SqliteAuditStore(AuditFile file, Duration limit) throws SQLException {
    this.file = file;
    this.limit = new TimeLimit(limit);
    this.writer = file.writer();
    this.appender = new Appender(writer);
    this.newest =
        new AtomicLong(
            Sql.number(
                writer, "SELECT COALESCE(MAX(seq), 0) FROM sqlite_sequence WHERE name = 'record'"));
    for (var i = 0; i < READERS; i++) {
      readers.add(file.reader());
    }
  }

  /// Opens the file, makes it if it is missing, and brings it to the newest form.
  ///
  /// @throws IOException if it can't be used; the message says why
  public static SqliteAuditStore open(Path path) throws IOException {
    return open(path, SEARCH_MAX);
  }

  /// The same, with another limit for searches.
  static SqliteAuditStore open(Path path, Duration limit) throws IOException {
    var file = new AuditFile(path);
    try {
      return new SqliteAuditStore(file, limit);
    } catch (SQLException e) {
      throw new IOException("can't open the audit store " + path + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Appended> append(List<Addition> additions, Instant now) throws AuditUnavailable {
    var appended =
        locked(() -> {
          var results = Sql.transaction(writer, () -> added(additions, now));
          if (grew(results)) {
            newest.set(appender.position());
          }
          return results;
        });
    if (grew(appended)) {
      announce();
    }
    return appended;
  }

  private static boolean grew(List<Appended> results) {
    return !(results.getLast() instanceof Appended.Broken)
        && results.stream().anyMatch(one -> one instanceof Appended.Done done && done.fresh() > 0);
  }

  private List<Appended> added(List<Addition> additions, Instant now) throws SQLException {
    var results = new ArrayList<Appended>();
    for (var addition : additions) {
      var result = appender.append(addition.chain(), addition.entries(), now, addition.setAside());
      results.add(result);
      if (result instanceof Appended.Broken) {
        // Whatever stood before the broken record goes too: all or none.
        writer.rollback();
        break;
      }
    }
    return List.copyOf(results);
  }

  @Override
  public long setAside() throws AuditUnavailable {
    return read(
        connection -> Sql.number(connection, "SELECT COUNT(*) FROM record WHERE set_aside = 1"));
  }

  @Override
  public boolean knows(ChainId chain, String uid) throws AuditUnavailable {
    return locked(() ->
        Sql.number(
            writer,
            "SELECT 1 FROM event WHERE uid = ? AND chain = (SELECT id FROM chain WHERE name"
                + " = ?)",
            uid,
            chain.toString()))
        > 0;
  }

  @Override
  public Optional<Span> span(String chain, Instant from, Instant to) throws AuditUnavailable {
    return read(connection -> Chains.span(connection, chain, from, to));
  }

  @Override
  public long signed(String chain) throws AuditUnavailable {
    return read(connection ->
        Sql.number(
            connection,
            "SELECT COALESCE(MAX(sequence), 0) FROM checkpoint WHERE chain = (SELECT id FROM chain"
                + " WHERE name = ?)",
            chain));
  }

  @Override
  public long awaitBeyond(long position, Duration atMost)
      throws AuditUnavailable, InterruptedException {
    watching.lockInterruptibly();
    try {
      var left = atMost.toNanos();
      while (newest.get() <= position && left > 0 && !closed) {
        left = grown.awaitNanos(left);
      }
      return newest.get();
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
    return locked(() -> Chains.head(writer, chain));
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
    return limited(connection -> Searcher.search(connection, query));
  }

  @Override
  public List<Stored> after(long position, int limit, long characters) throws AuditUnavailable {
    return read(connection -> Reader.after(connection, position, limit, characters));
  }

  @Override
  public long position() throws AuditUnavailable {
    return newest.get();
  }

  @Override
  public IndexPiece checkIndex(long after, int most) throws AuditUnavailable {
    // One picture of the file, whatever is written meanwhile.
    return read(
        connection -> Sql.transaction(connection, () -> IndexCheck.check(connection, after, most)));
  }

  @Override
  public List<SessionSummary> sessions(Instant from, Instant to, AuditQuery.Filter what, int limit)
      throws AuditUnavailable {
    return limited(connection -> Searcher.sessions(connection, from, to, what, limit));
  }

  @Override
  public List<Tally> top(Tally.By by, Instant from, Instant to, int limit) throws AuditUnavailable {
    return limited(connection -> Searcher.top(connection, by, from, to, limit));
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
      limit.close();
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

  /// Somebody's question, which must not keep a connection for ever.
  private <T> T limited(Reading<T> work) throws AuditUnavailable {
    var connection = borrow();
    try (var watch = limit.on(connection)) {
      try {
        return work.run(connection);
      } catch (SQLException e) {
        if (watch.stopped()) {
          throw new SearchTooSlow(
              "the search took longer than %d s: ask for less time, or for one user, table or"
                      .formatted(limit.limit().toSeconds())
                  + " session",
              e);
        }
        throw new AuditUnavailable("the audit store " + file.path() + " can't be read", e);
      }
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
