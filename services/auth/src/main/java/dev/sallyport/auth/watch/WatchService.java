package dev.sallyport.auth.watch;

import dev.sallyport.auth.state.HostRecord;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.SystemRole;
import dev.sallyport.store.StateStore;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;

/// Serves watchers, each on the virtual thread of its call, a bounded number of them.
public final class WatchService implements AutoCloseable {
  /// Most watchers at once.
  public static final int WATCHERS_MAX = 1000;

  /// Most watchers of one host at once.
  public static final int WATCHERS_OF_HOST_MAX = 8;

  private final StateStore store;
  private final Semaphore room = new Semaphore(WATCHERS_MAX);
  private final Map<String, Integer> ofHost = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  public WatchService(StateStore store) {
    this.store = store;
  }

  /// Reads a comma list of kinds.
  ///
  /// @param role of whom wants to watch
  /// @throws ControlException of kind BAD_PARAMETER if it is empty or names what they can't watch
  public Set<Kind> kinds(SystemRole role, String list) {
    var watchable = WatchView.watchable(role);
    var kinds = EnumSet.noneOf(Kind.class);
    for (var name : list.split(",", 64)) {
      kinds.add(
          Kind.parse(name)
              .filter(watchable::contains)
              .orElseThrow(() ->
                  new ControlException(
                      ErrorKind.BAD_PARAMETER,
                      "kinds: \"%s\" can't be watched by %s (expected: of %s)"
                          .formatted(
                              name,
                              role.wireName(),
                              watchable.stream().map(Kind::wireName).toList()))));
    }
    return Collections.unmodifiableSet(kinds);
  }

  /// Streams to one watcher until it goes or may not go on. An ordinary end makes no noise. Of
  /// databases it hears those that it may announce.
  ///
  /// @throws ControlException of kind LIMIT_EXCEEDED if there are too many
  public void stream(
      HostRecord host, Set<Kind> kinds, long since, OutputStream out, BooleanSupplier mayGoOn)
      throws IOException {
    var hostId = host.hostId();
    enter(hostId);
    try {
      new WatchStream(store, kinds, host::mayAnnounce, out).run(since, mayGoOn, () -> stopping);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      leave(hostId);
    }
  }

  /// Ends all streams within a second.
  @Override
  public void close() {
    stopping = true;
  }

  private void enter(String hostId) {
    if (ofHost.merge(hostId, 1, Integer::sum) > WATCHERS_OF_HOST_MAX || !room.tryAcquire()) {
      forget(hostId);
      throw new ControlException(ErrorKind.LIMIT_EXCEEDED, "too many watchers");
    }
  }

  private void leave(String hostId) {
    room.release();
    forget(hostId);
  }

  private void forget(String hostId) {
    ofHost.computeIfPresent(hostId, (_, count) -> count == 1 ? null : count - 1);
  }
}
