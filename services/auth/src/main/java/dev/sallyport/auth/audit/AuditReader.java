package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.KeyedHash;
import dev.sallyport.audit.chain.Checkpoint;
import dev.sallyport.audit.store.AuditQuery;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.audit.store.ChainHead;
import dev.sallyport.audit.store.EventFacets;
import dev.sallyport.audit.store.SearchTooSlow;
import dev.sallyport.audit.store.Tally;
import dev.sallyport.control.AuditChain;
import dev.sallyport.control.AuditChainList;
import dev.sallyport.control.AuditChainPage;
import dev.sallyport.control.AuditCount;
import dev.sallyport.control.AuditIndexPage;
import dev.sallyport.control.AuditPage;
import dev.sallyport.control.AuditRecord;
import dev.sallyport.control.AuditSession;
import dev.sallyport.control.AuditSessionList;
import dev.sallyport.control.AuditTail;
import dev.sallyport.control.AuditTop;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Answers questions about what is on record. Who may ask, the routes decide.
public final class AuditReader {
  /// Most records of one page of a chain or a tail.
  public static final int RECORDS_MAX = 500;

  /// Records of which one answer tells whether the index is right.
  private static final int INDEX_MAX = 2_000;

  /// Longest answer in characters, unless it is one record; well below what a client takes.
  private static final int ANSWER_MAX = 2 << 20;

  private static final List<String> KEY_TYPES = List.of("S", "N", "B");
  private static final Duration TAIL_WAIT = Duration.ofSeconds(5);

  private final AuditStore store;
  private final ChainWitness witness;
  private final KeyedHash hashes;

  /// @param hashes under the cluster's key
  public AuditReader(AuditStore store, ChainWitness witness, KeyedHash hashes) {
    this.store = store;
    this.hashes = hashes;
    this.witness = witness;
  }

  /// One page of a search, newest first.
  public AuditPage search(AuditQuery query) {
    return answer(() -> {
      var found = store.search(query);
      var events = new ArrayList<JsonNode>();
      var room = ANSWER_MAX;
      for (var hit : found.hits()) {
        room -= hit.body().length();
        if (room < 0 && !events.isEmpty()) {
          break;
        }
        events.add(parse(hit.body()));
      }
      var cut = events.size() < found.hits().size();
      var next =
          events.isEmpty() || !(cut || found.more())
              ? Optional.<String>empty()
              : Optional.of(token(found.hits().get(events.size() - 1).place()));
      return new AuditPage(events, next);
    });
  }

  /// What came after a position and fits; without one, only the position now. Waits a few seconds
  /// when there is nothing.
  public AuditTail tail(Optional<Long> after, AuditQuery.Filter filter)
      throws InterruptedException {
    try {
      if (after.isEmpty()) {
        return new AuditTail(List.of(), store.position());
      }
      var position = after.get();
      if (store.awaitBeyond(position, TAIL_WAIT) <= position) {
        return new AuditTail(List.of(), position);
      }
      var events = new ArrayList<JsonNode>();
      var room = ANSWER_MAX;
      for (var stored : store.after(position, RECORDS_MAX, ANSWER_MAX)) {
        var json = parse(stored.entry().body());
        if (!stored.setAside() && fits(json, filter)) {
          room -= stored.entry().body().length();
          if (room < 0 && !events.isEmpty()) {
            break;
          }
          events.add(json);
        }
        position = stored.position();
      }
      return new AuditTail(events, position);
    } catch (AuditUnavailable e) {
      throw unavailable(e);
    }
  }

  /// Sessions of a window.
  public AuditSessionList sessions(Instant from, Instant to, AuditQuery.Filter filter, int limit) {
    return answer(() ->
        new AuditSessionList(
            store.sessions(from, to, filter, limit).stream()
                .map(found ->
                    new AuditSession(
                        found.session(),
                        found.user(),
                        found.database(),
                        found.first(),
                        found.last(),
                        found.requests(),
                        found.denied()))
                .toList()));
  }

  /// Who or what makes most requests.
  public AuditTop top(Tally.By by, Instant from, Instant to, int limit) {
    return answer(() ->
        new AuditTop(
            store.top(by, from, to, limit).stream()
                .map(tally ->
                    new AuditCount(tally.name(), tally.requests(), tally.denied(), tally.failed()))
                .toList()));
  }

  /// All chains, also those that are only noted; with a window, only the records that came in it
  /// are to be checked, and how they hang together with those around.
  public AuditChainList chains(Optional<Instant> from, Optional<Instant> to) {
    return answer(() -> {
      // First what was noted: it is never more than what was there then.
      var noted = witness.all();
      var chains = new ArrayList<AuditChain>();
      for (var head : store.chains()) {
        var witnessed = Optional.ofNullable(noted.remove(head.chain()));
        chains.add(
            from.isEmpty() && to.isEmpty()
                ? chain(head, new AuditStore.Span(head.first(), head.last()), witnessed)
                : chain(head, window(head, from, to), witnessed));
      }
      noted.forEach((name, gone) ->
          chains.add(new AuditChain(name, gone.first(), Optional.empty(), 0, Optional.of(gone))));
      return new AuditChainList(chains);
    });
  }

  private AuditStore.Span window(ChainHead head, Optional<Instant> from, Optional<Instant> to)
      throws AuditUnavailable {
    return store
        .span(head.chain(), from.orElse(Instant.EPOCH), to.orElse(Instant.ofEpochMilli(1L << 52)))
        .orElse(new AuditStore.Span(head.first(), head.last()));
  }

  /// A run of a chain as it is kept, with what was signed about it.
  public AuditChainPage chain(String name, long from, int limit) {
    return answer(() -> {
      var records = new ArrayList<AuditRecord>();
      var room = ANSWER_MAX;
      for (var entry : store.entries(name, from, limit)) {
        room -= entry.body().length();
        if (room < 0 && !records.isEmpty()) {
          break;
        }
        records.add(
            new AuditRecord(entry.sequence(), entry.previous(), entry.hash(), entry.body()));
      }
      var checkpoints = new ArrayList<Checkpoint>();
      for (var kept : store.checkpoints(name, from, limit)) {
        if (records.isEmpty() || kept.sequence() <= records.getLast().sequence()) {
          checkpoints.add(ControlJson.ANSWERS.readValue(kept.body(), Checkpoint.class));
        }
      }
      return new AuditChainPage(records, checkpoints);
    });
  }

  /// What is wrong with the index of searches, for a run of records after a position.
  public AuditIndexPage index(long after) {
    return answer(() -> {
      var piece = store.checkIndex(after, INDEX_MAX);
      return new AuditIndexPage(piece.last(), piece.mismatches());
    });
  }

  /// What records say for a value of a key attribute, which may be a text, a number or binary.
  public List<String> hashes(String name, String value) {
    return KEY_TYPES.stream().map(type -> hashes.ofKey(name, type + ":" + value)).toList();
  }

  /// The place that a client gives back to go on.
  public static AuditQuery.Place place(String token) {
    if (!token.matches("[0-9]{1,15}-[0-9]{1,18}")) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "before is no place in the list");
    }
    var dash = token.indexOf('-');
    return new AuditQuery.Place(
        Instant.ofEpochMilli(Long.parseLong(token.substring(0, dash))),
        Long.parseLong(token.substring(dash + 1)));
  }

  private static String token(AuditQuery.Place place) {
    return place.time().toEpochMilli() + "-" + place.id();
  }

  private static AuditChain chain(
      ChainHead head, AuditStore.Span span, Optional<AuditChain.Witness> noted) {
    var anchor =
        span.first() == head.first() ? Optional.of(head.anchor()) : Optional.<String>empty();
    return new AuditChain(head.chain(), span.first(), anchor, span.last(), noted);
  }

  /// An intent is followed by its outcome; the one of the two that is shown is the outcome.
  private static boolean fits(JsonNode json, AuditQuery.Filter filter) {
    try {
      return !json.path("outcome").asString("").equals("intended")
          && filter.matches(EventFacets.of(json));
    } catch (InvalidAuditEvent e) {
      return false;
    }
  }

  private static JsonNode parse(String body) {
    try {
      return AuditJson.parse(body);
    } catch (InvalidAuditEvent e) {
      // Nobody could have stored it through us: the file was changed. To be seen, not hidden.
      return ControlJson.MAPPER.createObjectNode().put("damaged", body);
    }
  }

  /// Reading that may fail.
  private interface Question<T> {
    T ask() throws AuditUnavailable;
  }

  private static <T> T answer(Question<T> question) {
    try {
      return question.ask();
    } catch (AuditUnavailable e) {
      throw unavailable(e);
    }
  }

  private static ControlException unavailable(AuditUnavailable e) {
    if (e instanceof SearchTooSlow) {
      return new ControlException(ErrorKind.LIMIT_EXCEEDED, String.valueOf(e.getMessage()), e);
    }
    return new ControlException(
        ErrorKind.UNAVAILABLE, "the audit log can't be read now, see Auth's log", e);
  }
}
