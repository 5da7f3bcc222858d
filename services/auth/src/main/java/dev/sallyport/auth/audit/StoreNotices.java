package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.ClusterEvent.AuditStoreNotice;
import dev.sallyport.audit.ClusterEvent.StoreState;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.diagnostics.Counters;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// What whoever relies on the audit store must know of it: each is an event, and is counted. Safe
/// for any thread.
public final class StoreNotices {
  private final Supplier<EventHeader> header;
  private final Consumer<AuditEvent> record;
  private final Counters<StoreState> counted = new Counters<>(StoreState.class);

  /// @param header of the next event
  /// @param record puts an event on record, or throws
  StoreNotices(Supplier<EventHeader> header, Consumer<AuditEvent> record) {
    this.header = header;
    this.record = record;
  }

  /// How many there were since the start.
  public Counters<StoreState> counted() {
    return counted;
  }

  /// Old records were dropped.
  void dropped(String chain, long last, long records) {
    record.accept(of(StoreState.DROPPED, chain, 1, last, records + " records in all chains"));
  }

  /// The store lacks records that were in it.
  void rolledBack(String chain, long last, long noted) {
    var first = Math.min(last + 1, noted);
    record.accept(of(StoreState.ROLLED_BACK, chain, first, noted, "the store ends at " + last));
  }

  /// An agent's records left some out: to be put on record with them.
  AuditEvent missing(String chain, long first, long last) {
    return of(StoreState.GAP, chain, first, last, "not delivered before what follows");
  }

  /// An agent's records contradict what is kept.
  void contradicted(String chain, long sequence, String reason) {
    record.accept(of(StoreState.CONTRADICTED, chain, sequence, sequence, reason));
  }

  /// An agent delivered records that can't be taken as events: to be put on record with them.
  AuditEvent setAside(String chain, long first, long last, String reason) {
    return of(StoreState.SET_ASIDE, chain, first, last, reason);
  }

  /// Records were dropped before an export had them.
  void unexported(String export, long records) {
    var reason =
        "the store was full, and the export %s lacks %d records".formatted(export, records);
    record.accept(of(StoreState.UNEXPORTED, "", 0, 0, reason));
  }

  private AuditEvent of(StoreState state, String chain, long first, long last, String reason) {
    counted.count(state);
    return new AuditStoreNotice(
        header.get(), AuditTrail.self(), state, chain, first, last, AuditTrail.cut(reason));
  }
}
