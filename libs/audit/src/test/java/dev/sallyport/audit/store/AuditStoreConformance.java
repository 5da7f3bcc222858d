package dev.sallyport.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.store.AuditQuery.Filter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every engine of the audit store must do.
public abstract class AuditStoreConformance {
  private static final Instant END = Records.START.plus(Duration.ofDays(30));
  private static final long ROOM = 1 << 20;
  private static final List<String> NOBODY = List.of();
  private static final String CHAIN = Records.AGENT.toString();

  private AuditStore store;
  private Records records;

  protected abstract AuditStore open() throws IOException;

  @BeforeEach
  void begin() throws IOException {
    store = open();
    records = new Records(Records.AGENT);
  }

  @AfterEach
  void end() {
    store.close();
  }

  @Test
  void keepsRecordsCharacterForCharacterAndTakesThemOnce() throws Exception {
    var first =
        records.next(
            "{\"event\":\"x\",\"uid\":\"1\",\"time\":\"2030-01-01T00:00:00Z\",\"a\":\"ü\\n\"}");
    var second = records.next("no event at all");
    assertThat(append(first)).isEqualTo(new Appended.Done(1, 1));
    assertThat(append(first, second)).isEqualTo(new Appended.Done(1, 2));
    assertThat(append(first, second)).isEqualTo(new Appended.Done(0, 2));
    assertThat(store.entries(CHAIN, 1, 10)).containsExactly(first, second);
    assertThat(store.entries(CHAIN, 2, 10)).containsExactly(second);
    assertThat(store.head(CHAIN).orElseThrow().head()).isEqualTo(second.hash());
    assertThat(store.after(0, 10, ROOM)).extracting(Stored::entry).containsExactly(first, second);
    assertThat(store.after(store.position(), 10, ROOM)).isEmpty();
    assertThat(all(Filter.ALL).bodies()).containsExactly(first.body());
  }

  @Test
  void refusesAForkAndABrokenLinkAndStoresNothingOfTheBatch() throws Exception {
    append(records.requests(2, "alice").toArray(ChainEntry[]::new));
    var other = new Records(Records.AGENT);
    var forked = other.requests(2, "mallory");
    assertThat(append(forked.getFirst())).isInstanceOf(Appended.Broken.class);
    var third = records.next("{}");
    var torn = new ChainEntry(4, "0".repeat(64), third.hash(), "{}");
    assertThat(append(third, torn))
        .isInstanceOfSatisfying(
            Appended.Broken.class, broken -> assertThat(broken.sequence()).isEqualTo(4));
    assertThat(store.head(CHAIN).orElseThrow().last()).isEqualTo(2);
    assertThat(store.entries(CHAIN, 3, 10)).isEmpty();
  }

  @Test
  void takesWhatComesAfterAGapAndNothingInIt() throws Exception {
    var all = records.requests(4, "alice");
    append(all.get(0));
    assertThat(append(all.get(3))).isEqualTo(new Appended.Done(1, 4));
    assertThat(append(all.get(1))).isInstanceOf(Appended.Broken.class);
  }

  @Test
  void intentAndOutcomeAreOneEvent() throws Exception {
    var time = Records.START;
    append(records.next(Records.request("u", time, "alice", "PutItem", "Music", "intended", 0)));
    assertThat(all(status(AuditStatus.UNKNOWN)).bodies()).hasSize(1);
    var outcome = Records.request("u", time, "alice", "PutItem", "Music", "answered", 400);
    append(records.next(outcome));
    assertThat(all(status(AuditStatus.UNKNOWN)).bodies()).isEmpty();
    assertThat(all(status(AuditStatus.FAILED)).bodies()).containsExactly(outcome);
    assertThat(all(Filter.ALL).bodies()).containsExactly(outcome);
  }

  @Test
  void anIdOfAnotherChainTakesNothingAway() throws Exception {
    var mine = Records.request("u", Records.START, "alice", "PutItem", "Music", "answered", 200);
    append(records.next(mine));
    var other = new ChainId("host-2", "f".repeat(32));
    var theirs = Records.request("u", Records.START, "bob", "PutItem", "Music", "refused", 0);
    store.append(other, List.of(new Records(other).next(theirs)), Records.START);
    assertThat(all(Filter.ALL).bodies()).containsExactlyInAnyOrder(mine, theirs);
  }

  @Test
  void anEventInTwoChainsOfOneAgentCountsOnceAndASecondOneUnderItsIdToo() throws Exception {
    var sent = Records.request("u", Records.START, "alice", "PutItem", "Music", "unknown", 0);
    var answered =
        Records.request("u", Records.START, "alice", "PutItem", "Music", "answered", 200);
    append(records.next(answered));
    var again = new ChainId(Records.AGENT.agent(), "f".repeat(32));
    var copies = new Records(again);
    store.append(again, List.of(copies.next(sent), copies.next(answered)), Records.START);
    assertThat(all(Filter.ALL).bodies()).containsExactly(answered);
    assertThat(store.checkIndex(0, 100).mismatches()).isEmpty();

    var other = Records.request("u", Records.START, "mallory", "PutItem", "Music", "answered", 200);
    var denied = Records.request("u", Records.START, "alice", "PutItem", "Music", "refused", 0);
    store.append(again, List.of(copies.next(other), copies.next(denied)), Records.START);
    assertThat(all(Filter.ALL).bodies()).containsExactlyInAnyOrder(answered, other, denied);
    assertThat(store.checkIndex(0, 100).mismatches()).isEmpty();
  }

  @Test
  void findsByEachFieldAndByAllOfThem() throws Exception {
    var time = Records.START;
    var put = Records.request("1", time, "alice", "PutItem", "Music", "answered", 200);
    var get = Records.request("2", time.plusSeconds(1), "bob", "GetItem", "Books", "refused", 0);
    var role =
        """
        {"event":"role.created","code":"T9000I","uid":"3","time":"2030-01-01T00:00:02.000Z",\
        "user":"alice","name":"dev"}\
        """;
    append(records.next(put), records.next(get), records.next(role));
    assertThat(all(Filter.ALL).bodies()).containsExactly(role, get, put);
    assertThat(all(filter("user", "alice")).bodies()).containsExactly(role, put);
    assertThat(all(filter("table", "Books")).bodies()).containsExactly(get);
    assertThat(all(filter("db", "orders")).bodies()).containsExactly(get, put);
    assertThat(all(filter("op", "PutItem")).bodies()).containsExactly(put);
    assertThat(all(filter("type", "role.created")).bodies()).containsExactly(role);
    assertThat(all(filter("session", "s-bob")).bodies()).containsExactly(get);
    assertThat(all(status(AuditStatus.DENIED)).bodies()).containsExactly(get);
    assertThat(all(status(AuditStatus.OK)).bodies()).containsExactly(role, put);
    var whole =
        new Filter(
            Optional.of("bob"),
            Optional.of("orders"),
            Optional.of("Books"),
            Optional.of("GetItem"),
            Optional.of("db.session.dynamodb.request"),
            Optional.of("s-bob"),
            Optional.of(AuditStatus.DENIED),
            Optional.of(0),
            List.of());
    assertThat(all(whole).bodies()).containsExactly(get);
    assertThat(all(filter("user", "alice' OR 1=1 --")).bodies()).isEmpty();
  }

  @Test
  void findsByTheHashesOfKeys() throws Exception {
    var hash = "0123456789abcdef".repeat(2);
    var other = "f".repeat(32);
    var one = keyed("1", "hmac-sha256:" + hash);
    var many = keyed("2", "hmac-sha256:" + other + " " + hash);
    var plain = keyed("3", "S:" + hash);
    append(records.next(one), records.next(many), records.next(plain));
    assertThat(all(keys(List.of(hash))).bodies()).containsExactly(many, one);
    assertThat(all(keys(List.of(other, "0".repeat(32)))).bodies()).containsExactly(many);
    assertThat(all(keys(List.of("0".repeat(32)))).bodies()).isEmpty();
    assertThat(store.sessions(Records.START, END, keys(List.of(other)), 10)).hasSize(1);
    assertThat(keys(List.of(hash)).matches(EventFacets.of(many))).isTrue();
    assertThat(keys(List.of(hash)).matches(EventFacets.of(plain))).isFalse();
    var tiny = new Retention(Duration.ofDays(7), 1);
    assertThat(store.retain(tiny, Records.START, 100, NOBODY).records()).isEqualTo(3);
    assertThat(all(keys(List.of(hash))).bodies()).isEmpty();
  }

  private static String keyed(String uid, String value) {
    return """
    {"event":"db.session.dynamodb.request","uid":"%s","time":"2030-01-01T00:00:00Z","sid":"s",\
    "target":"DynamoDB_20120810.GetItem","key_attributes":{"pk":"%s"}}\
    """
        .formatted(uid, value);
  }

  private static Filter keys(List<String> hashes) {
    var none = Optional.<String>empty();
    return new Filter(
        none, none, none, none, none, none, Optional.empty(), Optional.empty(), hashes);
  }

  @Test
  void pagesMeetWithoutHoleOrRepeat() throws Exception {
    var bodies = new ArrayList<String>();
    for (var i = 0; i < 25; i++) {
      // Several at the same millisecond.
      var time = Records.START.plusMillis(i / 4);
      bodies.add(Records.request("u" + i, time, "alice", "Query", "Music", "answered", 200));
    }
    append(bodies.stream().map(records::next).toArray(ChainEntry[]::new));
    for (var filter : List.of(Filter.ALL, filter("user", "alice"), filter("table", "Music"))) {
      var found = new ArrayList<String>();
      var place = Optional.<AuditQuery.Place>empty();
      do {
        var page = store.search(new AuditQuery(Records.START, END, filter, place, 7));
        found.addAll(page.bodies());
        place = page.more() ? Optional.of(page.hits().getLast().place()) : Optional.empty();
      } while (place.isPresent());
      assertThat(found).containsExactlyElementsOf(bodies.reversed());
    }
  }

  @Test
  void summaries() throws Exception {
    append(records.requests(3, "alice").toArray(ChainEntry[]::new));
    var denied =
        Records.request("d", Records.START.plusSeconds(9), "bob", "Scan", "Books", "refused", 0);
    append(records.next(denied));
    append(
        records.next(
            """
            {"event":"cert.create","uid":"c","time":"2030-01-01T00:00:00Z","user":"carol","sid":"s-in"}\
            """));
    assertThat(store.sessions(Records.START, END, Filter.ALL, 10))
        .extracting(SessionSummary::session, SessionSummary::requests, SessionSummary::denied)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("s-bob", 1L, 1L),
            org.assertj.core.groups.Tuple.tuple("s-alice", 3L, 0L));
    assertThat(store.top(Tally.By.USER, Records.START, END, 10))
        .containsExactly(new Tally("alice", 3, 0, 0), new Tally("bob", 1, 1, 0));
    assertThat(store.top(Tally.By.TABLE, Records.START, END, 1))
        .containsExactly(new Tally("Music", 3, 0, 0));
    assertThat(store.top(Tally.By.OP, Records.START, END, 10)).hasSize(2);
  }

  @Test
  void retentionByAgeAndSizeKeepsTheAnchor() throws Exception {
    var all = records.requests(10, "alice");
    store.append(Records.AGENT, all.subList(0, 6), Records.START);
    store.append(Records.AGENT, all.subList(6, 10), Records.START.plus(Duration.ofDays(2)));
    store.checkpoint(new KeptCheckpoint(CHAIN, 2, "old"));
    store.checkpoint(new KeptCheckpoint(CHAIN, 8, "new"));
    var week = new Retention(Duration.ofDays(7), 1L << 30);
    var later = Records.START.plus(Duration.ofDays(8));
    assertThat(store.retain(week, Records.START, 100, NOBODY).records()).isZero();
    assertThat(store.retain(week, later, 4, NOBODY).records()).isEqualTo(4);
    var dropped = store.retain(week, later, 100, NOBODY);
    assertThat(dropped.records()).isEqualTo(2);
    var head = store.head(CHAIN).orElseThrow();
    assertThat(dropped.edges()).containsExactly(head);
    assertThat(head.first()).isEqualTo(7);
    assertThat(head.anchor()).isEqualTo(all.get(5).hash());
    assertThat(store.entries(CHAIN, 1, 100)).containsExactlyElementsOf(all.subList(6, 10));
    assertThat(store.checkpoints(CHAIN, 0, 10))
        .extracting(KeptCheckpoint::body)
        .containsExactly("new");
    assertThat(all(Filter.ALL).bodies()).hasSize(4);
    assertThat(all(filter("table", "Music")).bodies()).hasSize(4);
    var tiny = new Retention(Duration.ofDays(7), 1);
    assertThat(store.retain(tiny, later, 100, NOBODY).records()).isEqualTo(4);
    // Even with nothing left, the chain goes on where it was, and positions are not used again.
    assertThat(append(records.next("{}"))).isEqualTo(new Appended.Done(1, 11));
    assertThat(store.after(10, 10, ROOM)).hasSize(1);
  }

  @Test
  void tellsWhatItKnowsAndWhenMoreComes() throws Exception {
    append(records.requests(3, "alice").toArray(ChainEntry[]::new));
    assertThat(store.knows(Records.AGENT, "alice0")).isTrue();
    assertThat(store.knows(Records.AGENT, "alice9")).isFalse();
    assertThat(store.knows(new ChainId("host-2", "f".repeat(32)), "alice0")).isFalse();
    assertThat(store.span(CHAIN, Records.START, END)).contains(new AuditStore.Span(1, 3));
    // The one before a window with nothing in it, and the one after.
    assertThat(store.span(CHAIN, END, END.plusSeconds(1))).contains(new AuditStore.Span(3, 3));
    assertThat(store.span("host-9/" + "f".repeat(32), END, END.plusSeconds(1))).isEmpty();
    assertThat(store.awaitBeyond(2, Duration.ofMinutes(1))).isEqualTo(3);
    assertThat(store.awaitBeyond(3, Duration.ofMillis(1))).isEqualTo(3);
    var waiting = Thread.ofVirtual().start(() -> waitBeyond(3));
    append(records.next("{}"));
    assertThat(waiting.join(Duration.ofMinutes(1))).isTrue();
  }

  private void waitBeyond(long position) {
    try {
      store.awaitBeyond(position, Duration.ofMinutes(5));
    } catch (AuditUnavailable | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatIsSetAsideKeepsItsPlaceAndIsNotFound() throws Exception {
    var all = records.requests(3, "alice");
    store.append(Records.AGENT, all, Records.START, Set.of(2L));
    assertThat(all(Filter.ALL).bodies()).hasSize(2).doesNotContain(all.get(1).body());
    assertThat(store.entries(CHAIN, 1, 10)).isEqualTo(all);
    assertThat(store.setAside()).isEqualTo(1);
    assertThat(store.after(0, 10, ROOM))
        .extracting(Stored::setAside)
        .containsExactly(false, true, false);
    assertThat(append(all.get(1))).isEqualTo(new Appended.Done(0, 3));
  }

  @Test
  void bookmarks() throws Exception {
    assertThat(store.bookmark("file")).isEqualTo(Bookmark.NONE);
    store.bookmark("file", 7);
    store.bookmark("file", 9);
    store.bookmark("file", 8);
    assertThat(store.bookmark("file")).isEqualTo(new Bookmark(9, 0));
  }

  @Test
  void readersGetABoundedPage() throws Exception {
    var all = records.requests(3, "alice");
    append(all.toArray(ChainEntry[]::new));
    long one = all.getFirst().body().length();
    assertThat(store.after(0, 2, ROOM)).hasSize(2);
    assertThat(store.after(0, 10, 2 * one)).hasSize(2);
    assertThat(store.after(0, 10, 1)).hasSize(1);
    assertThat(store.after(1, 1, ROOM).getFirst())
        .isEqualTo(new Stored(2, Records.START, CHAIN, all.get(1), false));
  }

  @Test
  void retentionWaitsForReadersUntilTheStoreIsFull() throws Exception {
    append(records.requests(6, "alice").toArray(ChainEntry[]::new));
    store.bookmark("file", 4);
    store.bookmark("s3", 2);
    var both = List.of("file", "s3");
    var week = new Retention(Duration.ofDays(7), 1L << 30);
    var later = Records.START.plus(Duration.ofDays(8));
    assertThat(store.retain(week, later, 100, List.of("new")).records()).isZero();
    var aged = store.retain(week, later, 100, both);
    assertThat(aged.records()).isEqualTo(2);
    assertThat(aged.unread()).isEmpty();
    assertThat(store.retain(week, later, 100, both)).isEqualTo(Dropped.NOTHING);
    var full = store.retain(new Retention(Duration.ofDays(7), 1), later, 3, both);
    assertThat(full.records()).isEqualTo(3);
    assertThat(full.unread()).isEqualTo(Map.of("file", 1L, "s3", 3L));
    assertThat(store.bookmark("file")).isEqualTo(new Bookmark(5, 1));
    assertThat(store.bookmark("s3")).isEqualTo(new Bookmark(5, 3));
  }

  private Appended append(ChainEntry... entries) throws AuditUnavailable {
    return store.append(Records.AGENT, List.of(entries), Records.START);
  }

  private Found all(Filter filter) throws AuditUnavailable {
    return store.search(new AuditQuery(Records.START, END, filter, Optional.empty(), 1000));
  }

  private static Filter filter(String field, String value) {
    var text = Optional.of(value);
    var none = Optional.<String>empty();
    return new Filter(
        field.equals("user") ? text : none,
        field.equals("db") ? text : none,
        field.equals("table") ? text : none,
        field.equals("op") ? text : none,
        field.equals("type") ? text : none,
        field.equals("session") ? text : none,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private static Filter status(AuditStatus status) {
    var none = Optional.<String>empty();
    return new Filter(
        none, none, none, none, none, none, Optional.of(status), Optional.empty(), List.of());
  }
}
