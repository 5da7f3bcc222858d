package dev.sallyport.audit.journal;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.DatabaseEvent.Outcome;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.RequestJournal.RequestEntry;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.journal.JournalSettings.Durability;
import dev.sallyport.audit.journal.JournalSettings.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a journal: what waits, at once, and tells those who wait. One thread at a time: the
/// journal's own, or an event loop in its turn.
///
/// When writing fails, intents are refused (or, in best effort, let go), and other records are held
/// in memory and tried again (or, in best effort, counted as lost).
final class JournalWriter {

  static final long HELD_BYTES_MAX = 32L << 20;

  /// Most bytes that an event loop writes for others.
  private static final long AT_ONCE_BYTES_MAX = 256 << 10;

  private static final long RETRY_NANOS = 200_000_000;
  private static final Logger LOG = LoggerFactory.getLogger(JournalWriter.class);

  private final SegmentLog log;
  private final JournalSettings settings;
  private final JournalHost host;
  private final Function<Staged, RequestEntry> entries;
  private final AtomicLong lost = new AtomicLong();
  private final List<Staged> held = new ArrayList<>();
  private long heldBytes;
  private long triedAt;
  private long signed;
  private long signedAt;
  private volatile @Nullable AuditUnavailable broken;

  /// @param entries makes what the caller of an intent completes
  JournalWriter(
      SegmentLog log,
      JournalSettings settings,
      JournalHost host,
      Function<Staged, RequestEntry> entries) {
    this.log = log;
    this.settings = settings;
    this.host = host;
    this.entries = entries;
    this.signedAt = System.nanoTime();
  }

  /// Why nothing can be written now; null when it can.
  @Nullable AuditUnavailable broken() {
    return broken;
  }

  AtomicLong lost() {
    return lost;
  }

  /// Nothing is kept back.
  boolean isQuiet() {
    return held.isEmpty();
  }

  /// What the start found, before anything else is written.
  void begin(Recovered recovered) throws IOException {
    List<Staged> first = new ArrayList<>();
    String epoch = log.head().chain().epoch();
    if (recovered.head == null) {
      first.add(notice(JournalState.STARTED, epoch, 0, 0, "there was no journal to go on with"));
    }
    if (recovered.tornBytes > 0) {
      first.add(
          notice(
              JournalState.RECOVERED,
              epoch,
              0,
              recovered.tornBytes,
              "the end of a file was torn and was cut off"));
    }
    if (recovered.missing > 0 || recovered.damagedBytes > 0) {
      first.add(
          Staged.record(
              AuditJson.toBytes(
                  host.notice(
                      JournalState.LOST,
                      epoch,
                      recovered.missing,
                      recovered.damagedBytes,
                      "a file of the journal is damaged",
                      recovered.gaps))));
    }
    recovered.open.forEach(
        (intent, record) -> first.add(Staged.outcome(intent, unknown(epoch, record))));
    log.write(first);
    log.resolved(recovered.segments);
    log.sync();
  }

  private byte[] unknown(String epoch, byte[] record) {
    try {
      AuditEvent event = AuditJson.read(new String(record, StandardCharsets.UTF_8));
      if (event instanceof DynamoDbRequest request) {
        return AuditJson.toBytes(
            request.ended(
                Outcome.UNKNOWN, "the Database Service ended before the outcome was on record"));
      }
    } catch (InvalidAuditEvent e) {
      LOG.atError().setCause(e).log("An intent of the audit journal cannot be read");
    }
    return AuditJson.toBytes(
        host.notice(JournalState.LOST, epoch, 1, record.length, "an intent cannot be read"));
  }

  /// Writes what was taken from the queue; nothing is also a time to see what is due.
  void handle(List<Pending> batch) {
    Pending first = batch.isEmpty() ? new Pending.Nudge() : batch.getFirst();
    if (first instanceof Pending.StartOver startOver) {
      startOver(startOver);
    } else if (first instanceof Pending.Copy copy) {
      copy(copy);
    } else {
      write(batch);
      checkpointIfDue(false);
      tellLoss();
    }
  }

  /// Writes intents behind what waits, if that can be done without a wait: the disk is quick,
  /// nothing is kept back, and nothing else has to be seen to.
  ///
  /// @return whether all of it is written; if not, no intent is
  boolean writeAtOnce(JournalQueue queue, List<Staged> intents) {
    if (broken != null
        || !held.isEmpty()
        || queue.holdsAlone()
        || queue.bytes() > AT_ONCE_BYTES_MAX
        || !log.isReady()) {
      return false;
    }
    List<Pending> batch = queue.take();
    List<Staged> staged = new ArrayList<>(batch.size() + intents.size());
    addRecords(batch, staged);
    staged.addAll(intents);
    try {
      log.write(staged);
    } catch (IOException e) {
      brokenBy(e);
      failed(batch, broken);
      return false;
    }
    written(batch);
    return true;
  }

  /// Whatever is not on the disk in the end is asked for again by who holds the original.
  private void copy(Pending.Copy copy) {
    boolean done = false;
    try {
      log.write(copy.staged());
      log.syncWritten();
      done = true;
    } catch (IOException e) {
      brokenBy(e);
    }
    copy.done().complete(done);
  }

  private void write(List<Pending> batch) {
    if (broken != null && System.nanoTime() - triedAt < RETRY_NANOS) {
      failed(batch, broken);
      return;
    }
    List<Staged> staged = new ArrayList<>(held);
    addRecords(batch, staged);
    if (staged.isEmpty() && broken == null) {
      return;
    }
    triedAt = System.nanoTime();
    try {
      if (!log.write(staged)) {
        log.probe();
      }
    } catch (IOException e) {
      brokenBy(e);
      failed(batch, new AuditUnavailable("the audit journal cannot be written", e));
      return;
    }
    held.clear();
    heldBytes = 0;
    if (broken != null) {
      broken = null;
      LOG.atInfo().log("The audit journal can be written again");
    }
    written(batch);
  }

  private static void addRecords(List<Pending> batch, List<Staged> into) {
    for (Pending pending : batch) {
      Staged record = pending.record();
      if (record != null) {
        into.add(record);
      }
    }
  }

  private void brokenBy(IOException e) {
    if (broken == null) {
      LOG.atError()
          .setCause(e)
          .log(
              settings.mode() == Mode.STRICT
                  ? "Requests are refused until the audit journal can be written"
                  : "Requests go on without a record until the audit journal can be written");
    }
    broken = new AuditUnavailable("the audit journal cannot be written", e);
  }

  private void written(List<Pending> batch) {
    @Nullable AuditUnavailable unsafe = null;
    if (settings.durability() == Durability.FSYNC && !batch.isEmpty()) {
      try {
        log.syncWritten();
      } catch (IOException e) {
        brokenBy(e);
        unsafe = broken;
      }
    }
    for (Pending pending : batch) {
      if (pending instanceof Pending.Intent intent) {
        told(intent, unsafe);
      }
    }
  }

  private void told(Pending.Intent intent, @Nullable AuditUnavailable unsafe) {
    RequestEntry entry = entries.apply(intent.staged());
    if (!intent.leaves(Pending.Step.TOLD)) {
      // Given up meanwhile: refused, or gone on without, and then its own outcome follows.
      if (settings.mode() == Mode.STRICT) {
        notSent(intent.staged());
      }
    } else if (unsafe == null || settings.mode() == Mode.BEST_EFFORT) {
      tell(() -> intent.begun().recorded(entry));
    } else {
      tell(() -> intent.begun().refused(unsafe));
      notSent(intent.staged());
    }
  }

  /// A caller that cannot be told must not stop the writer.
  private static void tell(Runnable caller) {
    try {
      caller.run();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).log("A request could not be told that it is on record");
    }
  }

  /// The intent is in the file, and its request was refused meanwhile.
  private void notSent(Staged intent) {
    if (intent.segment == null) {
      return;
    }
    try {
      AuditEvent event = AuditJson.read(new String(intent.record, StandardCharsets.UTF_8));
      if (event instanceof DynamoDbRequest request) {
        DynamoDbRequest end = request.ended(Outcome.NOT_SENT, "its record was not written in time");
        hold(Staged.outcome(intent, AuditJson.toBytes(end)));
      }
    } catch (InvalidAuditEvent e) {
      throw new IllegalStateException("an event of our own cannot be read", e);
    }
  }

  private void failed(List<Pending> batch, @Nullable AuditUnavailable cause) {
    AuditUnavailable why =
        cause == null ? new AuditUnavailable("the audit journal cannot be written") : cause;
    for (Pending pending : batch) {
      switch (pending) {
        case Pending.Intent intent -> {
          if (!intent.leaves(Pending.Step.TOLD)) {
            continue;
          }
          if (settings.mode() == Mode.STRICT) {
            tell(() -> intent.begun().refused(why));
          } else {
            tell(() -> intent.begun().recorded(entries.apply(intent.staged())));
          }
        }
        case Pending.Entry entry -> {
          if (settings.mode() == Mode.STRICT) {
            hold(entry.staged());
          } else {
            loses(entry.staged());
          }
        }
        case Pending.StartOver _, Pending.Copy _, Pending.Nudge _ -> {}
      }
    }
  }

  private void hold(Staged staged) {
    if (heldBytes + staged.record.length > HELD_BYTES_MAX) {
      loses(staged);
      return;
    }
    held.add(staged);
    heldBytes += staged.record.length;
  }

  private void loses(Staged staged) {
    lost.incrementAndGet();
    if (staged.completes != null) {
      log.forget(staged.completes);
    }
  }

  /// What was lost is told as soon as something can be told.
  private void tellLoss() {
    if (lost.get() == 0 || broken != null || log.bytes() >= settings.diskBytes()) {
      return;
    }
    long count = lost.getAndSet(0);
    String epoch = log.head().chain().epoch();
    LOG.atError().addKeyValue("records", count).log("Audit records are lost");
    try {
      log.write(
          List.of(notice(JournalState.LOST, epoch, count, 0, "the journal could not be written")));
    } catch (IOException e) {
      lost.addAndGet(count);
      brokenBy(e);
    }
  }

  /// Signs the chain's end when it is time to, or when asked and it is not signed.
  void checkpointIfDue(boolean now) {
    ChainLink head = log.head();
    long records = head.sequence() - signed;
    boolean late = System.nanoTime() - signedAt > settings.checkpointEvery().toNanos();
    if (broken != null
        || records <= 0
        || !(now || late || records >= settings.checkpointRecords())) {
      return;
    }
    try {
      log.write(host.sign(head));
      signed = head.sequence();
      signedAt = System.nanoTime();
    } catch (IOException e) {
      brokenBy(e);
    }
  }

  private void startOver(Pending.StartOver startOver) {
    ChainId chain = ChainIds.random(host.agent());
    try {
      log.startOver(chain);
      signed = 0;
      Staged begun = notice(JournalState.STARTED, chain.epoch(), 0, 0, startOver.reason());
      if (!tried(begun)) {
        hold(begun);
      }
    } catch (IOException e) {
      // Asked again, since the old chain stays refused.
      brokenBy(e);
    }
    startOver.done().countDown();
  }

  private boolean tried(Staged staged) {
    try {
      log.write(List.of(staged));
      return true;
    } catch (IOException e) {
      brokenBy(e);
      return false;
    }
  }

  private Staged notice(JournalState state, String epoch, long records, long bytes, String reason) {
    return Staged.record(AuditJson.toBytes(host.notice(state, epoch, records, bytes, reason)));
  }
}
