package dev.sallyport.auth.locks;

import dev.sallyport.auth.state.Keys;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.LockTable;
import dev.sallyport.store.FeedPage;
import dev.sallyport.store.StateStore;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Asks whether a lock keeps somebody out. The locks are read anew only when one of them changed; a
/// lock that was committed before a question is in its answer.
public final class LockCheck {
  private static final List<String> LOCKS = List.of(Keys.prefix(Kind.LOCK));

  private final StateStore store;
  private final InstantSource clock;
  private volatile Known known = new Known(-1, LockTable.EMPTY);

  /// The locks as of a revision.
  private record Known(long revision, LockTable locks) {}

  public LockCheck(StateStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /// A lock in force that hits the subject.
  public Optional<Lock> on(LockSubject subject) {
    return current().on(subject, clock.instant());
  }

  /// @throws ControlException of kind ACCESS_DENIED if a lock hits the subject
  public void require(LockSubject subject) {
    var lock = on(subject);
    if (lock.isPresent()) {
      throw refusal(lock.get());
    }
  }

  /// What somebody is answered whom a lock hits.
  public static ControlException refusal(Lock lock) {
    return new ControlException(ErrorKind.ACCESS_DENIED, Locks.masked(lock).refusal());
  }

  private LockTable current() {
    var before = known;
    // Taken before anything is read: what is committed meanwhile is looked at the next time.
    var revision = store.revision();
    if (revision == before.revision()) {
      return before.locks();
    }
    var locks = changed(before, revision) ? read() : before.locks();
    known = new Known(revision, locks);
    return locks;
  }

  private boolean changed(Known before, long revision) {
    if (before.revision() < 0 || revision < before.revision()) {
      return true;
    }
    return switch (store.changes(before.revision(), LOCKS, StateStore.PAGE_MAX)) {
      case FeedPage.Gap _ -> true;
      case FeedPage.Changes page -> !page.changes().isEmpty() || page.upTo() < revision;
    };
  }

  private LockTable read() {
    return new LockTable(
        store.all(Keys.prefix(Kind.LOCK)).stream()
            .map(ResourceState::read)
            .map(Lock.class::cast)
            .toList());
  }
}
