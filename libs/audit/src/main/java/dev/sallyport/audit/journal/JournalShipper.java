package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.journal.JournalDelivery.ChainRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a journal's records to Auth, in their order, each until Auth has it, and deletes files
/// that hold nothing else. When Auth knows another history of the chain (an old copy of the journal
/// was put back), a new chain begins, and what Auth lacks is written again there.
final class JournalShipper implements Runnable {

  /// Of one delivery. More would cost hardly less each, and fill a small young generation.
  static final int RECORDS_MAX = 256;

  static final int BYTES_MAX = 1 << 20;
  static final int CHECKPOINTS_MAX = 16;

  private static final long IDLE_MILLIS = 20;

  /// Between two deliveries of a journal that is written all the time. What a delivery costs, here
  /// and in Auth, hardly depends on how much it brings.
  static final long GATHER_MILLIS = 50;

  private static final Duration RETRY_FIRST = Duration.ofMillis(100);
  private static final Duration RETRY_LAST = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(JournalShipper.class);

  private final SegmentLog log;
  private final JournalQueue queue;
  private final JournalDelivery delivery;
  private final JournalCursor cursor;
  private final CountDownLatch written;
  private final RandomGenerator random;
  private final CountDownLatch abandoned = new CountDownLatch(1);
  private @Nullable ChainRun again;
  private boolean toldOfFiles;
  private volatile @Nullable ChainLink delivered;

  /// @param written ends when nothing will be written any more
  /// @param random spreads the tries of agents whose Auth was away
  JournalShipper(
      SegmentLog log,
      JournalQueue queue,
      JournalDelivery delivery,
      CountDownLatch written,
      RandomGenerator random) {
    this.log = log;
    this.queue = queue;
    this.delivery = delivery;
    this.written = written;
    this.random = random;
    this.cursor = new JournalCursor(log, RECORDS_MAX, BYTES_MAX, CHECKPOINTS_MAX);
  }

  /// Up to where Auth has the present chain.
  long delivered(ChainId chain) {
    ChainLink at = delivered;
    return at != null && at.chain().equals(chain) ? at.sequence() : 0;
  }

  /// Ends without delivering the rest, which stays in the files.
  void abandon() {
    abandoned.countDown();
  }

  @Override
  public void run() {
    try {
      while (abandoned.getCount() > 0) {
        boolean last = written.getCount() == 0;
        Optional<ChainRun> run = next();
        if (run.isPresent()) {
          deliver(run.get());
          if (!last && cursor.isThrough()) {
            abandoned.await(GATHER_MILLIS, TimeUnit.MILLISECONDS);
          }
        } else if (last) {
          return;
        } else {
          abandoned.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Audit records are not sent to Auth any more");
      throw e;
    }
  }

  private Optional<ChainRun> next() throws InterruptedException {
    ChainRun first = again;
    if (first != null) {
      again = null;
      return Optional.of(first);
    }
    try {
      Optional<ChainRun> run = cursor.next();
      if (run.isEmpty()) {
        cleanUp();
      }
      return run;
    } catch (IOException e) {
      LOG.atError().setCause(e).log("The audit journal cannot be read");
      abandoned.await(RETRY_LAST.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.empty();
    }
  }

  private void deliver(ChainRun run) throws InterruptedException {
    Duration pause = RETRY_FIRST;
    String told = "";
    while (abandoned.getCount() > 0) {
      try {
        long stored = delivery.deliver(run);
        checkTaken(run, stored);
        if (!told.isEmpty()) {
          LOG.atInfo().log("Auth takes audit records again");
        }
        delivered(run, stored);
        return;
      } catch (ChainRefused e) {
        startOver(run, e);
        return;
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        told = tell(run, e, told);
        abandoned.await(jittered(pause), TimeUnit.MILLISECONDS);
        pause = twice(pause);
      }
    }
  }

  /// Signatures that come alone may be of records that Auth had and lost, when an old copy of its
  /// store was put back. They prove what is missing there; sending them again would mend nothing.
  private static void checkTaken(ChainRun run, long stored) {
    if (stored >= run.head().sequence()) {
      return;
    }
    String lacks = "Auth has records up to " + stored + " of " + run.head().sequence();
    if (!run.records().isEmpty()) {
      throw new IllegalStateException(lacks);
    }
    LOG.atError()
        .addKeyValue("chain", run.start().chain())
        .addKeyValue("last", stored)
        .addKeyValue("delivered", run.head().sequence())
        .log("Auth lacks audit records that it had taken: an old copy of its store was put back");
  }

  /// Tells of each cause once.
  private String tell(ChainRun run, Exception cause, String told) {
    String text = cause.toString();
    if (!text.equals(told)) {
      LOG.atWarn()
          .addKeyValue("records", log.head().sequence() - run.start().sequence())
          .addKeyValue("bytes", log.bytes())
          .addKeyValue("cause", text)
          .log("Audit records wait until Auth takes them");
    }
    return text;
  }

  private long jittered(Duration pause) {
    long half = pause.toMillis() / 2;
    return half + random.nextLong(half + 1);
  }

  private static Duration twice(Duration pause) {
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(RETRY_LAST) < 0 ? longer : RETRY_LAST;
  }

  private void delivered(ChainRun run, long stored) throws InterruptedException {
    delivered = run.head();
    ChainLink head = log.head();
    if (stored > head.sequence() && head.chain().equals(run.head().chain())) {
      begin("Auth has records of this chain that the journal lacks: it is an old copy");
    }
    cleanUp();
  }

  private void cleanUp() {
    Segment needed = cursor.segment();
    if (needed == null) {
      return;
    }
    try {
      log.deleteBefore(needed);
      toldOfFiles = false;
    } catch (IOException e) {
      if (!toldOfFiles) {
        toldOfFiles = true;
        LOG.atWarn().setCause(e).log("A file of the audit journal cannot be given up");
      }
    }
  }

  private void startOver(ChainRun refused, ChainRefused cause) throws InterruptedException {
    LOG.atError()
        .addKeyValue("chain", refused.start().chain())
        .addKeyValue("first", refused.start().sequence() + 1)
        .addKeyValue("cause", String.valueOf(cause.getMessage()))
        .log("Auth has other records under these numbers; they go on in a new chain");
    ChainId chain = refused.start().chain();
    if (log.head().chain().equals(chain)) {
      begin("Auth has other records under the numbers of chain " + chain.epoch());
    }
    if (log.head().chain().equals(chain)) {
      if (written.getCount() == 0) {
        // Nobody writes the beginning of a new chain any more. Everything stays in the files, and
        // the next start meets the same refusal with a writer at hand.
        abandon();
        return;
      }
      again = refused;
      abandoned.await(RETRY_LAST.toMillis(), TimeUnit.MILLISECONDS);
      return;
    }
    if (copyAll(refused)) {
      cleanUp();
    } else {
      // The originals are still there, and the next start meets the same refusal.
      abandon();
    }
  }

  /// Writes what is left of a chain again in the present one, and puts aside what comes after it.
  ///
  /// @return whether all of it is on the disk
  private boolean copyAll(ChainRun refused) throws InterruptedException {
    ChainId chain = refused.start().chain();
    Optional<ChainRun> run = Optional.of(refused);
    while (run.isPresent() && run.get().start().chain().equals(chain)) {
      if (!copy(run.get())) {
        return false;
      }
      run = following();
    }
    again = run.orElse(null);
    return abandoned.getCount() > 0;
  }

  private Optional<ChainRun> following() throws InterruptedException {
    while (abandoned.getCount() > 0) {
      try {
        return cursor.next();
      } catch (IOException e) {
        LOG.atError().setCause(e).log("The audit journal cannot be read");
        abandoned.await(RETRY_LAST.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
    return Optional.empty();
  }

  private boolean copy(ChainRun run) throws InterruptedException {
    List<Staged> records =
        run.records().stream()
            .map(record -> Staged.record(record.getBytes(StandardCharsets.UTF_8)))
            .toList();
    while (abandoned.getCount() > 0 && written.getCount() > 0) {
      var copied = new CompletableFuture<Boolean>();
      queue.put(new Pending.Copy(records, copied));
      while (!copied.isDone() && abandoned.getCount() > 0 && written.getCount() > 0) {
        abandoned.await(IDLE_MILLIS, TimeUnit.MILLISECONDS);
      }
      if (copied.getNow(false)) {
        return true;
      }
      abandoned.await(RETRY_FIRST.toMillis(), TimeUnit.MILLISECONDS);
    }
    return false;
  }

  private void begin(String reason) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    queue.put(new Pending.StartOver(reason, done));
    while (!done.await(IDLE_MILLIS, TimeUnit.MILLISECONDS)) {
      if (abandoned.getCount() == 0 || written.getCount() == 0) {
        return;
      }
    }
  }
}
