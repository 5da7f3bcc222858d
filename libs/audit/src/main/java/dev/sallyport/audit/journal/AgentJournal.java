package dev.sallyport.audit.journal;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.RequestJournal;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.journal.JournalSettings.Durability;
import dev.sallyport.audit.journal.JournalSettings.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An agent's journal. Callers never wait, except for the write itself in [#beginAtOnce]: an intent
/// is told to its caller when it is in the file (or on the disk), everything else goes its way.
/// Safe for any thread; whoever opens it closes it.
public final class AgentJournal implements RequestJournal, AuditSink, AutoCloseable {

  private static final long WRITER_IDLE_MILLIS = 100;
  private static final long WATCH_MILLIS = 100;
  private static final Logger LOG = LoggerFactory.getLogger(AgentJournal.class);

  private final AutoCloseable files;
  private final SegmentLog log;
  private final JournalSettings settings;
  private final JournalQueue queue = new JournalQueue();
  private final JournalWriter writer;

  /// Who writes; for a moment only.
  private final ReentrantLock turn = new ReentrantLock();

  private final AtomicLong intents;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final CountDownLatch written = new CountDownLatch(1);
  private final Thread writing;
  private final Thread syncing;
  private final Thread watching;
  private final JournalShipper shipper;
  private final Thread shipping;

  private AgentJournal(
      JournalFiles files,
      AutoCloseable owned,
      JournalSettings settings,
      JournalHost host,
      JournalDelivery delivery,
      RandomGenerator random)
      throws IOException {
    this.files = owned;
    this.settings = settings;
    Recovered recovered = Recovered.from(files);
    log = new SegmentLog(files, settings, recovered, ChainIds.random(host.agent()));
    writer = new JournalWriter(log, settings, host, this::entry);
    writer.begin(recovered);
    intents = new AtomicLong(recovered.lastIntent);
    shipper = new JournalShipper(log, queue, delivery, written, random);
    writing = Thread.ofPlatform().daemon().name("sallyport-journal").unstarted(this::write);
    syncing = Thread.ofPlatform().daemon().name("sallyport-journal-sync").unstarted(this::sync);
    watching = Thread.ofVirtual().name("sallyport-journal-watch").unstarted(this::watch);
    shipping = Thread.ofPlatform().daemon().name("sallyport-journal-ship").unstarted(shipper);
  }

  /// Opens the journal in a folder, or begins one there: what a crash left is put right, and every
  /// intent without an outcome gets one.
  ///
  /// @param delivery the way to Auth; used after [#start]
  /// @param random spreads the tries to deliver
  /// @throws IOException if the folder cannot be used
  public static AgentJournal open(
      Path folder,
      JournalSettings settings,
      JournalHost host,
      JournalDelivery delivery,
      RandomGenerator random)
      throws IOException {
    DiskFiles files = DiskFiles.in(folder);
    try {
      return new AgentJournal(files, files, settings, host, delivery, random);
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  /// The same over files of another kind.
  static AgentJournal over(
      JournalFiles files,
      JournalSettings settings,
      JournalHost host,
      JournalDelivery delivery,
      RandomGenerator random)
      throws IOException {
    return new AgentJournal(files, () -> {}, settings, host, delivery, random);
  }

  /// Begins to write and to send.
  public void start() {
    writing.start();
    syncing.start();
    watching.start();
    shipping.start();
  }

  @Override
  public void begin(DynamoDbRequest intent, Begun begun) {
    AuditUnavailable refusal = refusal();
    Staged staged = Staged.intent(intents.incrementAndGet(), AuditJson.toBytes(intent));
    if (refusal == null) {
      queue.put(new Pending.Intent(staged, begun, System.nanoTime()));
    } else if (settings.mode() == Mode.BEST_EFFORT && closing.getCount() > 0) {
      begun.recorded(blind(staged));
    } else {
      begun.refused(refusal);
    }
  }

  @Override
  public List<RequestEntry> beginAtOnce(List<DynamoDbRequest> requests) {
    if (settings.durability() == Durability.FSYNC || refusal() != null) {
      return List.of();
    }
    List<Staged> staged = new ArrayList<>(requests.size());
    for (DynamoDbRequest intent : requests) {
      staged.add(Staged.intent(intents.incrementAndGet(), AuditJson.toBytes(intent)));
    }
    return writtenAtOnce(staged) ? staged.stream().map(this::entry).toList() : List.of();
  }

  private boolean writtenAtOnce(List<Staged> staged) {
    if (!turn.tryLock()) {
      return false;
    }
    try {
      // The writer ends in its turn; after that nobody would write the outcome.
      boolean done = closing.getCount() > 0 && writer.writeAtOnce(queue, staged);
      queue.done();
      return done;
    } finally {
      turn.unlock();
    }
  }

  /// For a request that goes on without an intent: its outcome is recorded if there is room.
  private RequestEntry blind(Staged intent) {
    return outcome -> {
      if (log.bytes() >= settings.diskBytes()) {
        writer.lost().incrementAndGet();
      } else {
        entry(intent).complete(outcome);
      }
    };
  }

  private RequestEntry entry(Staged intent) {
    return outcome ->
        queue.put(new Pending.Entry(Staged.outcome(intent, AuditJson.toBytes(outcome))));
  }

  /// Takes the event; it is written soon after. Refuses what surely could not be.
  @Override
  public void append(AuditEvent event) throws AuditUnavailable {
    AuditUnavailable refusal = refusal();
    if (refusal != null && writer.broken() == null) {
      writer.lost().incrementAndGet();
      throw refusal;
    }
    queue.put(new Pending.Entry(Staged.record(AuditJson.toBytes(event))));
  }

  @Override
  public void ready() throws AuditUnavailable {
    AuditUnavailable refusal = refusal();
    if (refusal != null) {
      throw refusal;
    }
  }

  private @Nullable AuditUnavailable refusal() {
    if (closing.getCount() == 0) {
      return new AuditUnavailable("the agent is stopping");
    }
    AuditUnavailable broken = writer.broken();
    if (broken != null) {
      return broken;
    }
    if (log.bytes() >= settings.diskBytes()) {
      return new AuditUnavailable(
          "the audit journal holds "
              + log.bytes()
              + " bytes that wait for Auth, of "
              + settings.diskBytes()
              + " (disk_limit)");
    }
    if (queue.isFull()) {
      return new AuditUnavailable("the audit journal is written too slowly");
    }
    return null;
  }

  /// How it is doing.
  public JournalStats stats() {
    ChainLink head = log.head();
    return new JournalStats(
        head.sequence(),
        shipper.delivered(head.chain()),
        log.bytes(),
        queue.bytes(),
        writer.lost().get(),
        writer.broken() == null);
  }

  private void write() {
    try {
      boolean more = true;
      while (more) {
        queue.await(closing.getCount() > 0 ? WRITER_IDLE_MILLIS : 1);
        more = writeWhatWaits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("The audit journal is not written any more");
      throw e;
    } finally {
      syncQuietly();
      written.countDown();
    }
  }

  /// @return whether there may be more
  private boolean writeWhatWaits() {
    turn.lock();
    try {
      writer.handle(queue.take());
      queue.done();
      boolean over = closing.getCount() == 0 && queue.isEmpty() && writer.isQuiet();
      if (over) {
        writer.checkpointIfDue(true);
      }
      return !over;
    } finally {
      turn.unlock();
    }
  }

  private void sync() {
    try {
      while (!written.await(settings.syncEvery().toMillis(), TimeUnit.MILLISECONDS)) {
        syncQuietly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void syncQuietly() {
    try {
      log.sync();
    } catch (IOException e) {
      LOG.atError()
          .setCause(e)
          .log("Audit records may not be on the disk; the journal goes on in a new file");
    }
  }

  /// Nobody waits for a record longer than the patience.
  private void watch() {
    try {
      while (!written.await(WATCH_MILLIS, TimeUnit.MILLISECONDS)) {
        long before = System.nanoTime() - settings.patience().toNanos();
        for (Pending.Intent intent : queue.waitingSince(before)) {
          giveUp(intent);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void giveUp(Pending.Intent intent) {
    if (!intent.leaves(Pending.Step.GIVEN_UP)) {
      return;
    }
    if (settings.mode() == Mode.BEST_EFFORT) {
      intent.begun().recorded(entry(intent.staged()));
    } else {
      intent
          .begun()
          .refused(
              new AuditUnavailable(
                  "the record was not written within " + settings.patience().toSeconds() + " s"));
    }
  }

  /// Takes no more, writes what is there, and gives Auth this long to take it. What it does not
  /// take stays in the files for the next start.
  public void close(Duration patience) {
    closing.countDown();
    queue.put(new Pending.Nudge());
    long end = System.nanoTime() + patience.toNanos();
    try {
      writing.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      shipping.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
      shipper.abandon();
      syncing.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Thread thread : new Thread[] {writing, syncing, watching, shipping}) {
      thread.interrupt();
    }
    long waiting = stats().waiting();
    if (waiting > 0) {
      LOG.atWarn()
          .addKeyValue("records", waiting)
          .log("Audit records stay in the journal until the next start");
    }
    try {
      log.close();
      files.close();
    } catch (Exception e) {
      LOG.atWarn().setCause(e).log("The audit journal was not closed well");
    }
  }

  @Override
  public void close() {
    close(Duration.ofSeconds(2));
  }
}
