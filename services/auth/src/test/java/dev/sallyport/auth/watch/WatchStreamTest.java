package dev.sallyport.auth.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.Kept;
import dev.sallyport.auth.state.Presets;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.WatchEvent;
import dev.sallyport.control.WatchType;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.JoinTerms;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.SystemRole;
import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import dev.sallyport.pki.IdentityExtension;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import dev.sallyport.store.sqlite.SqliteStateStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The stream itself, over a real store: nothing is missed, nothing is shown that must not be.
final class WatchStreamTest {
  private static final Set<Kind> ALL = EnumSet.copyOf(WatchView.watchable(SystemRole.DB));

  static {
    ALL.addAll(WatchView.watchable(SystemRole.PROXY));
  }

  @TempDir Path folder = Path.of("never");

  @Test
  void newWatcherGetsThePictureThenChangesThenBeats() throws Exception {
    try (var store = store()) {
      Presets.create(store, Kept.in(store));
      var events = until(store, ALL, 0, event -> event.type() == WatchType.BEAT);
      assertThat(events)
          .extracting(WatchEvent::type)
          .containsExactly(
              WatchType.RESET,
              WatchType.PUT,
              WatchType.PUT,
              WatchType.PUT,
              WatchType.SYNCED,
              WatchType.BEAT);
      assertThat(events.getLast().revision()).isEqualTo(store.revision());
    }
  }

  @Test
  void resumedWatcherGetsOnlyWhatHappenedSince() throws Exception {
    try (var store = store()) {
      Presets.create(store, Kept.in(store));
      var since = store.revision();
      commit(store, ResourceState.put(user("alice", UserStatus.OPEN), Condition.absent()));
      store.delete("role/auditor", Condition.always());
      var events = until(store, ALL, since, event -> event.type() == WatchType.SYNCED);
      assertThat(events)
          .extracting(WatchEvent::type)
          .containsExactly(WatchType.PUT, WatchType.DELETE, WatchType.SYNCED);
      assertThat(events.get(0).value().orElseThrow().toString())
          .isEqualTo(
              "{\"name\":\"alice\",\"roles\":[\"access\"],\"traits\":{\"db_users\":[\"reader\"]}}");
      assertThat(events.get(1).name()).contains("auditor");
    }
  }

  @Test
  void watcherFromAnotherTimeGetsANewPicture() throws Exception {
    try (var store = store()) {
      Presets.create(store, Kept.in(store));
      var events = until(store, ALL, 999, event -> event.type() == WatchType.SYNCED);
      assertThat(events.getFirst().type()).isEqualTo(WatchType.RESET);
      assertThat(events.getLast().revision()).isEqualTo(store.revision());
    }
  }

  @Test
  void secretsAndOtherKindsAreNotShown() throws Exception {
    try (var store = store()) {
      var token =
          new ProvisionToken(
              Metadata.named("canary-token-value"),
              List.of(SystemRole.DB),
              JoinTerms.SECRET,
              List.of("*"));
      commit(store, ResourceState.put(token, Condition.absent()));
      store.put("password/alice", "{\"hash\":\"canary\"}", Condition.always());
      dev.sallyport.auth.state.Authorities.open(
          store,
          Optional.of("example.com"),
          "x",
          InstantSource.system(),
          new java.security.SecureRandom());
      var events = until(store, ALL, 0, event -> event.type() == WatchType.BEAT);
      assertThat(events.toString()).doesNotContain("canary").doesNotContain("PRIVATE");
      assertThat(events.stream().filter(event -> event.type() == WatchType.PUT)).hasSize(2);
    }
  }

  @Test
  void databasesThatTheHostMayNotAnnounceAreNotShown() throws Exception {
    try (var store = store()) {
      commit(store, ResourceState.put(database("orders"), Condition.absent()));
      commit(store, ResourceState.put(database("hidden"), Condition.absent()));
      var events = until(store, ALL, 0, event -> event.type() == WatchType.SYNCED);
      assertThat(events.toString()).contains("orders").doesNotContain("hidden");
      var since = store.revision();
      store.delete("db/hidden", Condition.always());
      store.delete("db/orders", Condition.always());
      events = until(store, ALL, since, event -> event.type() == WatchType.SYNCED);
      assertThat(events)
          .filteredOn(event -> event.type() == WatchType.DELETE)
          .singleElement()
          .satisfies(event -> assertThat(event.name()).contains("orders"));
    }
  }

  private static Database database(String name) {
    return new Database(
        Metadata.named(name),
        "dynamodb",
        Optional.empty(),
        DatabaseAws.of("us-east-1", "123456789012"),
        DatabaseTls.SYSTEM);
  }

  @Test
  void traitsTooLongForAnyCertificateAreNotShown() throws Exception {
    try (var store = store()) {
      var value = "x".repeat(IdentityExtension.MAX_BYTES);
      var tooLong = user("alice", UserStatus.OPEN).withTraits(Map.of("t", List.of(value)));
      commit(store, ResourceState.put(tooLong, Condition.absent()));
      var events = until(store, ALL, 0, event -> event.type() == WatchType.PUT);
      assertThat(events.getLast().value().orElseThrow().toString())
          .isEqualTo("{\"name\":\"alice\",\"roles\":[\"access\"]}");
    }
  }

  @Test
  void lockedUserIsShownWithoutRolesAndTraits() throws Exception {
    try (var store = store()) {
      var locked = new UserStatus(true, Optional.empty(), Optional.empty(), Optional.empty());
      commit(store, ResourceState.put(user("alice", locked), Condition.absent()));
      var events = until(store, ALL, 0, event -> event.type() == WatchType.PUT);
      assertThat(events.getLast().value().orElseThrow().toString())
          .isEqualTo("{\"name\":\"alice\",\"roles\":[]}");
    }
  }

  @Test
  void nothingIsMissedAcrossReconnectsWhileManyWrite() throws Exception {
    var writers = 6;
    var each = 50;
    try (var store = store();
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var w = 0; w < writers; w++) {
        var name = "w" + w + "-";
        executor.submit(() ->
            IntStream.range(0, each)
                .forEach(i ->
                    commit(
                        store,
                        ResourceState.put(user(name + i, UserStatus.OPEN), Condition.absent()))));
      }
      var seen = new HashSet<String>();
      var since = 0L;
      while (seen.size() < writers * each) {
        // Each connection but the first breaks after a few lines, wherever that is.
        var count = new int[1];
        var first = since == 0;
        Predicate<WatchEvent> breaks =
            event -> first ? event.type() == WatchType.SYNCED : ++count[0] >= 7;
        for (var event : until(store, Set.of(Kind.USER), since, breaks)) {
          event.name().ifPresent(seen::add);
          since = event.revision();
        }
      }
      assertThat(seen).hasSize(writers * each);
    }
  }

  private StateStore store() {
    return SqliteStateStore.open(folder.resolve("state.db"), InstantSource.system());
  }

  private static void commit(StateStore store, Write write) {
    store.commit(List.of(write));
  }

  private static User user(String name, UserStatus status) {
    return new User(
        Metadata.named(name),
        List.of("access"),
        Map.of("db_users", List.of("reader")),
        Optional.empty(),
        status,
        Map.of());
  }

  /// Streams until an event passes; that is the last one given.
  private static List<WatchEvent> until(
      StateStore store, Set<Kind> kinds, long since, Predicate<WatchEvent> last)
      throws InterruptedException {
    var out = new Lines(last);
    try {
      new WatchStream(store, kinds, name -> !name.startsWith("hidden"), out)
          .run(since, () -> true, () -> false);
    } catch (IOException e) {
      return out.events;
    }
    return out.events;
  }

  /// A watcher that hangs up.
  private static final class Lines extends OutputStream {
    private final Predicate<WatchEvent> last;
    private final List<WatchEvent> events = new ArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    Lines(Predicate<WatchEvent> last) {
      this.last = last;
    }

    @Override
    public void write(int b) throws IOException {
      if (b != '\n') {
        line.write(b);
        return;
      }
      var event =
          ControlJson.MAPPER.readValue(line.toString(StandardCharsets.UTF_8), WatchEvent.class);
      line.reset();
      events.add(event);
      if (last.test(event)) {
        throw new IOException("hung up");
      }
    }
  }
}
