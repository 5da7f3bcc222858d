package dev.sallyport.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.store.CommitResult.Committed;
import dev.sallyport.store.CommitResult.Conflict;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What every engine must do. An engine's test extends this and says how to open an empty store and
/// how to open the same one again.
@TestInstance(TestInstance.Lifecycle.PER_METHOD)
public abstract class StateStoreConformance {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final List<String> EVERYTHING = List.of("");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource clock = now::get;
  private StateStore store = new ClosedStore();

  /// @return the store of this test, with what earlier calls in this test left in it
  protected abstract StateStore open(InstantSource clock);

  @BeforeEach
  void openStore() {
    store = open(clock);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void emptyStoreHasRevisionZeroAndNothing() {
    assertThat(store.revision()).isZero();
    assertThat(store.get("role/a")).isEmpty();
    assertThat(store.all("")).isEmpty();
    assertThat(store.changes(0, EVERYTHING, 10)).isEqualTo(new FeedPage.Changes(List.of(), 0));
  }

  @Test
  void putThenGetGivesValueRevisionAndExpiry() {
    var expires = START.plusSeconds(5);
    assertThat(store.put("a", "{\"x\":1}", Condition.absent(), expires))
        .isEqualTo(new Committed(1));
    assertThat(store.get("a"))
        .contains(new Item("a", "{\"x\":1}", 1, java.util.Optional.of(expires)));
  }

  @Test
  void absentRefusesWhatIsThere() {
    store.put("a", "1", Condition.absent());
    assertThat(store.put("a", "2", Condition.absent())).isInstanceOf(Conflict.class);
    assertThat(value("a")).isEqualTo("1");
  }

  @Test
  void presentRefusesWhatIsNotThere() {
    assertThat(store.put("a", "2", Condition.present())).isInstanceOf(Conflict.class);
    assertThat(store.delete("a", Condition.present())).isInstanceOf(Conflict.class);
    assertThat(store.revision()).isZero();
  }

  @Test
  void compareAndSwapTakesOnlyTheLatestRevision() {
    store.put("a", "1", Condition.always());
    store.put("a", "2", Condition.atRevision(1));
    assertThat(store.put("a", "3", Condition.atRevision(1))).isInstanceOf(Conflict.class);
    assertThat(store.put("b", "3", Condition.atRevision(2))).isInstanceOf(Conflict.class);
    assertThat(value("a")).isEqualTo("2");
  }

  @Test
  void recreatedKeyDoesNotMatchItsOldRevision() {
    store.put("a", "1", Condition.always());
    store.delete("a", Condition.always());
    store.put("a", "1", Condition.always());
    assertThat(store.put("a", "2", Condition.atRevision(1))).isInstanceOf(Conflict.class);
  }

  @Test
  void commitHappensWholeOrNotAtAll() {
    store.put("a", "1", Condition.always());
    var refused =
        store.commit(
            List.of(
                Write.put("b", "1", Condition.absent()),
                Write.delete("a"),
                new Write.Check("c", Condition.present())));
    assertThat(refused).isEqualTo(new Conflict("c", Condition.present()));
    assertThat(store.get("b")).isEmpty();
    assertThat(value("a")).isEqualTo("1");
    assertThat(store.revision()).isEqualTo(1);

    var done = store.commit(List.of(Write.put("b", "1", Condition.absent()), Write.delete("a")));
    assertThat(done).isEqualTo(new Committed(3));
  }

  @Test
  void deletingNothingLeavesNoTrace() {
    assertThat(store.delete("a", Condition.always())).isEqualTo(new Committed(0));
    assertThat(store.revision()).isZero();
  }

  @Test
  void rangeIsOrderedAndKeepsToItsPrefix() {
    for (var key :
        List.of("role/b", "role/a", "rolf", "role", "role/\u00e9", "role/a/x", "user/a")) {
      store.put(key, key, Condition.always());
    }
    assertThat(store.range("role/", "", 10))
        .extracting(Item::key)
        .containsExactly("role/a", "role/a/x", "role/b", "role/\u00e9");
    assertThat(store.range("role/", "role/a", 2))
        .extracting(Item::key)
        .containsExactly("role/a/x", "role/b");
  }

  @Test
  void wildcardsOfSqlMeanNothingInAKey() {
    store.put("a_c", "1", Condition.always());
    store.put("abc", "2", Condition.always());
    store.put("a%' OR '1'='1", "3", Condition.always());
    assertThat(store.range("a_", "", 10)).extracting(Item::value).containsExactly("1");
    assertThat(store.range("a%", "", 10)).extracting(Item::value).containsExactly("3");
  }

  @Test
  void allReadsBeyondOnePage() {
    for (var part = 0; part < 11; part++) {
      var base = part * 100;
      store.commit(
          IntStream.range(0, 100)
              .mapToObj(i -> Write.put("k/%05d".formatted(base + i), "v", Condition.always()))
              .toList());
    }
    assertThat(store.all("k/")).hasSize(1100).doesNotHaveDuplicates();
  }

  @Test
  void expiredItemsAreGoneAtTheirInstant() {
    store.put("a", "1", Condition.always(), START.plusSeconds(10));
    now.set(START.plusSeconds(10).minusMillis(1));
    assertThat(store.get("a")).isPresent();
    now.set(START.plusSeconds(10));
    assertThat(store.get("a")).isEmpty();
    assertThat(store.all("")).isEmpty();
    assertThat(store.put("a", "2", Condition.present())).isInstanceOf(Conflict.class);
    assertThat(store.put("a", "2", Condition.absent())).isInstanceOf(Committed.class);
  }

  @Test
  void whatHasExpiredBeforeTheFeedIsReadIsToldAsGone() {
    store.put("a", "{\"old\":1}", Condition.absent());
    store.put("a", "{\"new\":1}", Condition.present(), START.plusSeconds(5));
    now.set(START.plusSeconds(5));
    assertThat(store.changes(1, List.of("a"), 10))
        .isEqualTo(
            new FeedPage.Changes(List.of(new Change(2, "a", java.util.Optional.empty())), 2));
  }

  @Test
  void deleteExpiredPutsTheEndIntoTheFeed() {
    store.put("a", "1", Condition.always(), START.plusSeconds(10));
    store.put("b", "1", Condition.always(), START.plusSeconds(20));
    now.set(START.plusSeconds(15));
    assertThat(store.deleteExpired(100)).isEqualTo(1);
    assertThat(store.deleteExpired(100)).isZero();
    assertThat(page(2).changes()).containsExactly(new Change(3, "a", java.util.Optional.empty()));
  }

  @Test
  void feedGivesTheChangesAfterARevision() {
    store.put("role/a", "1", Condition.always());
    store.put("user/a", "2", Condition.always());
    store.put("role/b", "3", Condition.always());
    store.delete("role/a", Condition.always());
    var page = (FeedPage.Changes) store.changes(1, List.of("role/"), 10);
    assertThat(page.upTo()).isEqualTo(4);
    assertThat(page.changes()).extracting(Change::key).containsExactly("role/b", "role/a");
    assertThat(page.changes().getLast().item()).isEmpty();
  }

  @Test
  void feedNeverShowsAnOldValue() {
    store.put("a", "1", Condition.always());
    store.put("a", "2", Condition.always());
    assertThat(page(0).changes())
        .containsExactly(new Change(2, "a", store.get("a")))
        .allSatisfy(change -> assertThat(change.item().orElseThrow().value()).isEqualTo("2"));
  }

  @Test
  void feedPagesGoOnWhereTheLastEnded() {
    IntStream.range(0, 25).forEach(i -> store.put("k" + i, "v", Condition.always()));
    var seen = new ArrayList<String>();
    var since = 0L;
    while (since < store.revision()) {
      var page = (FeedPage.Changes) store.changes(since, EVERYTHING, 10);
      page.changes().forEach(change -> seen.add(change.key()));
      since = page.upTo();
    }
    assertThat(seen)
        .containsExactlyElementsOf(IntStream.range(0, 25).mapToObj(i -> "k" + i).toList());
  }

  @Test
  void feedSaysWhenItDoesNotReachBackOrAhead() {
    var kept = StateStore.CHANGES_KEPT;
    for (var i = 0; i < kept / 100 + 10; i++) {
      var base = i * 100;
      store.commit(
          IntStream.range(0, 100)
              .mapToObj(k -> Write.put("k" + (base + k), "v", Condition.always()))
              .toList());
    }
    assertThat(store.changes(0, EVERYTHING, 10)).isInstanceOf(FeedPage.Gap.class);
    assertThat(store.changes(store.revision() - kept, EVERYTHING, 10))
        .isInstanceOf(FeedPage.Changes.class);
    assertThat(store.changes(store.revision() + 1, EVERYTHING, 10))
        .isInstanceOf(FeedPage.Gap.class);
  }

  @Test
  void awaitReturnsAtOnceWhenThereIsSomethingAndAfterTheTimeElse() throws InterruptedException {
    store.put("a", "1", Condition.always());
    assertThat(store.awaitBeyond(0, Duration.ofSeconds(30))).isEqualTo(1);
    assertThat(store.awaitBeyond(1, Duration.ofMillis(5))).isEqualTo(1);
  }

  @Test
  void closeEndsWaits() throws Exception {
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = executor.submit(() -> store.awaitBeyond(0, Duration.ofSeconds(30)));
      store.close();
      assertThat(waiting.get()).isZero();
    }
    assertThatThrownBy(() -> store.get("a")).isInstanceOf(StoreException.class);
  }

  @Test
  void noWatcherMissesARevisionWhileManyWrite() throws Exception {
    var writers = 8;
    var each = 40;
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var watchers = List.of(follow(executor, writers * each), follow(executor, writers * each));
      for (var w = 0; w < writers; w++) {
        var name = "w" + w;
        executor.submit(() ->
            IntStream.range(0, each)
                .forEach(i -> store.put(name + "/" + i, "v", Condition.absent())));
      }
      for (var watcher : watchers) {
        assertThat(watcher.get())
            .containsExactlyElementsOf(
                IntStream.rangeClosed(1, writers * each).mapToObj(Long::valueOf).toList());
      }
    }
  }

  private Future<List<Long>> follow(java.util.concurrent.ExecutorService executor, int until) {
    return executor.submit(() -> {
      var seen = new ArrayList<Long>();
      var since = 0L;
      while (seen.size() < until) {
        store.awaitBeyond(since, Duration.ofSeconds(10));
        var page = (FeedPage.Changes) store.changes(since, EVERYTHING, 7);
        page.changes().forEach(change -> seen.add(change.revision()));
        since = page.upTo();
      }
      return seen;
    });
  }

  @Test
  void onlyOneOfManySwapsWins() throws Exception {
    store.put("a", "0", Condition.always());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var tries =
          IntStream.range(0, 16)
              .mapToObj(i -> executor.submit(() -> store.put("a", "" + i, Condition.atRevision(1))))
              .toList();
      var won = 0;
      for (var attempt : tries) {
        won += attempt.get() instanceof Committed ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
    }
  }

  @Test
  void stateFeedAndRevisionsOutliveAReopening() {
    store.put("a", "1", Condition.always());
    store.put("b", "2", Condition.always(), START.plusSeconds(60));
    store.close();
    store = open(clock);
    assertThat(store.revision()).isEqualTo(2);
    assertThat(value("a")).isEqualTo("1");
    assertThat(store.get("b").orElseThrow().expires()).contains(START.plusSeconds(60));
    assertThat(page(1).changes()).extracting(Change::key).containsExactly("b");
    assertThat(store.put("c", "3", Condition.absent())).isEqualTo(new Committed(3));
  }

  @Test
  void brokenLimitsAreRefusedAndChangeNothing() {
    var long513 = "k".repeat(StateStore.KEY_LENGTH_MAX + 1);
    for (var key : List.of("", long513, "a\nb", "a\u0000", "\ud800", "\udbff\udfff")) {
      assertThatThrownBy(() -> store.put(key, "v", Condition.always()))
          .isInstanceOf(StoreException.class);
    }
    assertThatThrownBy(
            () -> store.put("k", "v".repeat(StateStore.VALUE_LENGTH_MAX + 1), Condition.always()))
        .isInstanceOf(StoreException.class)
        .hasMessageNotContaining("vvv");
    assertThatThrownBy(() -> store.commit(List.of())).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.commit(List.of(Write.delete("a"), Write.delete("a"))))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.range("", "", 0)).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.range("", "", StateStore.PAGE_MAX + 1))
        .isInstanceOf(StoreException.class);
    assertThat(store.revision()).isZero();
  }

  @Test
  void valuesAreInNoText() {
    store.put("a", "canary", Condition.always());
    assertThat(store.get("a").orElseThrow().toString()).doesNotContain("canary");
    assertThat(page(0).toString()).doesNotContain("canary");
    assertThat(Write.put("a", "canary", Condition.always()).toString()).doesNotContain("canary");
  }

  @Test
  void behavesAsAMapUnderRandomWork() {
    var random = new Random(7);
    var model = new TreeMap<String, String>();
    for (var i = 0; i < 400; i++) {
      var key = "k/" + random.nextInt(20);
      var value = "v" + i;
      switch (random.nextInt(4)) {
        case 0 -> {
          var done = store.put(key, value, Condition.absent()) instanceof Committed;
          assertThat(done).isEqualTo(!model.containsKey(key));
          model.putIfAbsent(key, value);
        }
        case 1 -> {
          store.delete(key, Condition.always());
          model.remove(key);
        }
        default -> {
          store.put(key, value, Condition.always());
          model.put(key, value);
        }
      }
    }
    assertThat(store.all("k/")).extracting(Item::key).isEqualTo(List.copyOf(model.keySet()));
    assertThat(store.all("k/")).extracting(Item::value).isEqualTo(List.copyOf(model.values()));
    var fed = new TreeSet<String>();
    page(0)
        .changes()
        .forEach(c -> c.item().ifPresentOrElse(x -> fed.add(c.key()), () -> fed.remove(c.key())));
    assertThat(fed).isEqualTo(model.keySet());
  }

  private FeedPage.Changes page(long since) {
    return (FeedPage.Changes) store.changes(since, EVERYTHING, StateStore.PAGE_MAX);
  }

  private String value(String key) {
    return store.get(key).orElseThrow().value();
  }
}
