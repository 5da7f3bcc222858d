package dev.sallyport.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keys with JSON values, as one history of commits.
///
/// - **Revisions** are given in commit order, without holes, over the whole store. Who has seen
///   revision *n* has seen every earlier one, so a reader of the feed misses nothing, however many
///   write at once.
/// - **Conditions** make a commit of several writes happen whole or not at all.
/// - **Expiry** hides an item from the given instant on; [#deleteExpired] turns that into changes
///   of the feed.
/// - **Feed**: [#changes] from a revision, [#awaitBeyond] to sleep until there is something. The
///   reader keeps its place itself, so the store holds nothing per reader, and a slow one costs
///   nothing. A change that a later one of the same key has overtaken may be left out, so no old
///   value is kept for the feed's sake.
///
/// Any thread may call any method; all of them block, so call them from virtual threads. Whoever
/// opened the store closes it. Values are opaque here, and may be secrets: they appear in no
/// message and no log line.
public interface StateStore extends AutoCloseable {
  /// Longest key, in UTF-16 units.
  int KEY_LENGTH_MAX = 512;

  /// Longest value, in UTF-16 units.
  int VALUE_LENGTH_MAX = 1 << 20;

  /// Most writes of one commit.
  int WRITES_MAX = 128;

  /// Most items or feed entries of one page.
  int PAGE_MAX = 1000;

  /// How many of the last changes the feed reaches back, at least.
  int CHANGES_KEPT = 10_000;

  /// @return the item under `key`, if there is one that has not expired
  Optional<Item> get(String key);

  /// Reads one page of the keys that begin with `prefix`, in order of their code points.
  ///
  /// @param after only keys behind this one; empty text = from the start
  /// @param limit 1 to [#PAGE_MAX]
  List<Item> range(String prefix, String after, int limit);

  /// Writes all or nothing, and returns when it is durable.
  ///
  /// @param writes 1 to [#WRITES_MAX], each of another key
  /// @throws StoreException if the store can't be written or a limit is broken
  CommitResult commit(List<Write> writes);

  /// @return the revision of the last commit; 0 for an empty store
  long revision();

  /// Reads the feed.
  ///
  /// @param since the last revision that the caller knows
  /// @param prefixes only changes of keys beginning with one of these
  /// @param limit how many entries to look at, 1 to [#PAGE_MAX]
  FeedPage changes(long since, List<String> prefixes, int limit);

  /// Waits until something was committed after `revision`, or the time is over, or the store is
  /// closed.
  ///
  /// @return the revision of the last commit
  long awaitBeyond(long revision, Duration atMost) throws InterruptedException;

  /// Deletes items past their expiry, which puts them into the feed.
  ///
  /// @param limit at most so many at once
  /// @return how many it deleted
  int deleteExpired(int limit);

  /// Ends all waits and releases the store. Calls after it throw [StoreException].
  @Override
  void close();

  /// Reads every key that begins with `prefix`, page by page. It is no snapshot: to follow what
  /// happens meanwhile, take [#revision()] before and read the feed from there.
  default List<Item> all(String prefix) {
    var all = new ArrayList<Item>();
    var after = "";
    while (true) {
      var page = range(prefix, after, PAGE_MAX);
      all.addAll(page);
      if (page.size() < PAGE_MAX) {
        return List.copyOf(all);
      }
      after = page.getLast().key();
    }
  }

  /// Commits one put.
  default CommitResult put(String key, String value, Condition condition) {
    return commit(List.of(Write.put(key, value, condition)));
  }

  /// Commits one put that expires.
  default CommitResult put(String key, String value, Condition condition, Instant expires) {
    return commit(List.of(Write.put(key, value, condition, expires)));
  }

  /// Commits one removal.
  default CommitResult delete(String key, Condition condition) {
    return commit(List.of(new Write.Delete(key, condition)));
  }
}
