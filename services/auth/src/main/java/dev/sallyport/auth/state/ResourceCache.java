package dev.sallyport.auth.state;

import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;
import dev.sallyport.store.Change;
import dev.sallyport.store.FeedPage;
import dev.sallyport.store.StateStore;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;

/// The resources that are many and read often, in memory and ready to use. Each look first takes
/// over what was committed since the last one, so it shows what the store would show, at the price
/// of one short query instead of reading and parsing all. For any thread.
final class ResourceCache {
  /// None of these holds a secret.
  private static final Set<Kind> KINDS = EnumSet.of(Kind.ROLE, Kind.USER, Kind.DB_SERVER);

  private static final List<String> PREFIXES = KINDS.stream().map(Keys::prefix).toList();

  /// Between a database's name and its host: before everything that may stand in one, so that the
  /// order is that of the names.
  private static final String SEPARATOR = "\u0000";

  /// What comes right behind the separator.
  private static final String BEHIND = "\u0001";

  private final StateStore store;
  private final InstantSource clock;
  private final ReentrantLock refreshing = new ReentrantLock();
  private volatile Picture picture = Picture.empty();

  /// @param upTo the revision up to which changes are taken over
  private record Picture(
      NavigableMap<String, Resource> byKey,
      NavigableMap<String, DatabaseServer> byDatabase,
      long upTo) {
    static Picture empty() {
      return new Picture(new ConcurrentSkipListMap<>(), new ConcurrentSkipListMap<>(), -1);
    }

    Picture upTo(long revision) {
      return new Picture(byKey, byDatabase, revision);
    }

    void put(String key, Resource resource) {
      byKey.put(key, resource);
      if (resource instanceof DatabaseServer server) {
        byDatabase.put(server.database().name() + SEPARATOR + server.hostId(), server);
      }
    }

    void remove(String key) {
      if (byKey.remove(key) instanceof DatabaseServer server) {
        byDatabase.remove(server.database().name() + SEPARATOR + server.hostId());
      }
    }
  }

  ResourceCache(StateStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  boolean holds(Kind kind) {
    return KINDS.contains(kind);
  }

  Optional<Resource> get(String key) {
    return Optional.ofNullable(current().byKey().get(key)).filter(this::alive);
  }

  /// All whose keys begin so, in their order.
  List<Resource> all(String prefix) {
    return behind(prefix, prefix);
  }

  /// All whose keys begin so and are behind another one.
  List<Resource> behind(String prefix, String after) {
    return current()
        .byKey()
        .subMap(after, false, prefix + Character.MAX_VALUE, false)
        .values()
        .stream()
        .filter(this::alive)
        .toList();
  }

  /// Who serves a database, by host.
  List<DatabaseServer> serversOf(String database) {
    return current().byDatabase().subMap(database + SEPARATOR, database + BEHIND).values().stream()
        .filter(this::alive)
        .toList();
  }

  /// Who serves databases whose names are behind this one, by name and host.
  List<DatabaseServer> serversBehind(String database) {
    return current()
        .byDatabase()
        .tailMap(database.isEmpty() ? "" : database + BEHIND)
        .values()
        .stream()
        .filter(this::alive)
        .toList();
  }

  private boolean alive(Resource resource) {
    var expires = resource.metadata().expires();
    return expires.isEmpty() || expires.get().isAfter(clock.instant());
  }

  private Picture current() {
    var head = store.revision();
    if (picture.upTo() == head) {
      return picture;
    }
    refreshing.lock();
    try {
      follow(head);
      return picture;
    } finally {
      refreshing.unlock();
    }
  }

  private void follow(long head) {
    if (picture.upTo() < 0 || picture.upTo() > store.revision()) {
      picture = read();
    }
    while (picture.upTo() < head) {
      picture =
          switch (store.changes(picture.upTo(), PREFIXES, StateStore.PAGE_MAX)) {
            case FeedPage.Gap _ -> read();
            case FeedPage.Changes page -> {
              page.changes().forEach(change -> apply(picture, change));
              yield picture.upTo(page.upTo());
            }
          };
    }
  }

  private static void apply(Picture picture, Change change) {
    change
        .item()
        .ifPresentOrElse(
            item -> picture.put(item.key(), ResourceState.read(item)),
            () -> picture.remove(change.key()));
  }

  /// The revision is taken before, so what is committed meanwhile comes again in the feed.
  private Picture read() {
    var whole = Picture.empty().upTo(store.revision());
    for (var prefix : PREFIXES) {
      store.all(prefix).forEach(item -> whole.put(item.key(), ResourceState.read(item)));
    }
    return whole;
  }
}
