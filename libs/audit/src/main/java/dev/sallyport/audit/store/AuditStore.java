package dev.sallyport.audit.store;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.chain.ChainId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Keeps chains of records, and finds events in them. Safe for any thread; closed by its owner.
///
/// What a method answered is on disk. Reading never waits for writing.
public interface AuditStore extends AutoCloseable {
  /// Most records of one [#append].
  int BATCH_MAX = 1000;

  /// Most rows that a summary looks at, newest first.
  int SUMMARY_ROWS_MAX = 500_000;

  /// Adds records to a chain, all or none. One that is kept already, byte for byte, is passed over,
  /// so that a sender may send again; one in whose place another stands breaks the chain, as does
  /// one that does not name the hash before it. A gap in the sequence is taken, since what is lost
  /// at the sender must not stop what is not; verification shows it.
  ///
  /// @param entries in order, at most [#BATCH_MAX]
  /// @param now when they came
  /// @throws AuditUnavailable when nothing was stored
  default Appended append(ChainId chain, List<ChainEntry> entries, Instant now)
      throws AuditUnavailable {
    return append(chain, entries, now, Set.of());
  }

  /// The same, where some records are set aside: they keep their place in the chain, no search
  /// finds them, and [#after] says so.
  ///
  /// @param setAside their sequences
  default Appended append(ChainId chain, List<ChainEntry> entries, Instant now, Set<Long> setAside)
      throws AuditUnavailable {
    return append(List.of(new Addition(chain, entries, setAside)), now).getFirst();
  }

  /// Adds to several chains, all or none.
  ///
  /// @return what became of each, up to the first that broke: then nothing was stored
  List<Appended> append(List<Addition> additions, Instant now) throws AuditUnavailable;

  /// What is added to a chain.
  ///
  /// @param setAside sequences of records that are no events which their sender may report
  record Addition(ChainId chain, List<ChainEntry> entries, Set<Long> setAside) {
    /// Copies; refuses too many entries.
    public Addition {
      if (entries.size() > BATCH_MAX) {
        throw new IllegalArgumentException(
            "entries: %d (expected: at most %d)".formatted(entries.size(), BATCH_MAX));
      }
      entries = List.copyOf(entries);
      setAside = Set.copyOf(setAside);
    }
  }

  /// How many records are kept that were set aside.
  long setAside() throws AuditUnavailable;

  /// Whether an event with this id is kept in the chain.
  boolean knows(ChainId chain, String uid) throws AuditUnavailable;

  /// Keeps a signed statement about a chain; the same again is passed over.
  void checkpoint(KeptCheckpoint checkpoint) throws AuditUnavailable;

  /// From where to where a chain is kept; empty when nothing of it ever was.
  Optional<ChainHead> head(String chain) throws AuditUnavailable;

  /// All chains, by name.
  List<ChainHead> chains() throws AuditUnavailable;

  /// Records of a chain in order, from a sequence on.
  List<ChainEntry> entries(String chain, long from, int limit) throws AuditUnavailable;

  /// The records of a chain that came in a window, with the one before and the one after, as far as
  /// they are kept: what was taken out at the edge of a window shows between them. Empty when
  /// nothing of the chain is kept.
  Optional<Span> span(String chain, Instant from, Instant to) throws AuditUnavailable;

  /// Compares what searches go by with the records, for at most so many of them after a position.
  IndexPiece checkIndex(long after, int most) throws AuditUnavailable;

  /// The last record of a chain that a kept statement speaks of; 0 when there is none.
  long signed(String chain) throws AuditUnavailable;

  /// Signed statements about a chain in order, from a sequence on.
  List<KeptCheckpoint> checkpoints(String chain, long from, int limit) throws AuditUnavailable;

  /// Looks for events, newest first.
  Found search(AuditQuery query) throws AuditUnavailable;

  /// Records in the order in which they came, after a position.
  ///
  /// @param characters most of all bodies together; one record is given, however long
  List<Stored> after(long position, int limit, long characters) throws AuditUnavailable;

  /// Position of the newest record; 0 when there is none.
  long position() throws AuditUnavailable;

  /// Waits until there is a record after a position, or the time is over.
  ///
  /// @return position of the newest record
  long awaitBeyond(long position, Duration atMost) throws AuditUnavailable, InterruptedException;

  /// The sessions that have events in a window, newest first.
  List<SessionSummary> sessions(Instant from, Instant to, AuditQuery.Filter what, int limit)
      throws AuditUnavailable;

  /// Who or what makes most requests in a window, most first.
  List<Tally> top(Tally.By by, Instant from, Instant to, int limit) throws AuditUnavailable;

  /// Whether a record could be stored now.
  void ready() throws AuditUnavailable;

  /// Drops the oldest records that are too old or too many, at most `most` of them. Each chain
  /// keeps the hash before its oldest record.
  ///
  /// @param readers those of [#after] who shall have a record before it is dropped for its age. For
  ///   the store's size it is dropped all the same, and their bookmarks say so.
  Dropped retain(Retention retention, Instant now, int most, Collection<String> readers)
      throws AuditUnavailable;

  /// How far a reader of [#after] has come.
  Bookmark bookmark(String reader) throws AuditUnavailable;

  /// Keeps how far a reader has come, unless it was further.
  void bookmark(String reader, long position) throws AuditUnavailable;

  /// Bytes that records and indexes take.
  long bytes() throws AuditUnavailable;

  /// Sequences of a chain, both included.
  record Span(long first, long last) {}

  @Override
  void close();
}
