package dev.sallyport.control;

import dev.sallyport.model.Kind;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Keeps a [ClusterView] up to date: reads the watch stream on a virtual thread of its own, and
/// after each loss asks again from where it was, at most [#MAX_PAUSE] later and not in step with
/// others.
public final class ClusterWatcher implements AutoCloseable {
  /// Silence after which a stream counts as lost; Auth sends a beat every 250 ms.
  public static final Duration SILENCE = Duration.ofSeconds(2);

  /// The longest pause between two tries.
  public static final Duration MAX_PAUSE = Duration.ofSeconds(1);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final int MAX_DOUBLINGS = 5;

  private final ClusterView view;
  private final Supplier<ControlClient> client;
  private final Set<Kind> kinds;
  private final Consumer<ControlException> lost;
  private final RandomGenerator random;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread reader;
  private final AtomicBoolean moveOver = new AtomicBoolean();
  private boolean progressed;

  /// A watcher that is not started yet.
  ///
  /// @param client asked for at each try, so that it may be one with a renewed certificate
  /// @param lost told of each loss; called on the watcher's thread
  public ClusterWatcher(
      ClusterView view,
      Supplier<ControlClient> client,
      Set<Kind> kinds,
      Consumer<ControlException> lost,
      RandomGenerator random) {
    this.view = view;
    this.client = client;
    this.kinds = Set.copyOf(kinds);
    this.lost = lost;
    this.random = random;
  }

  /// Starts to read. Once.
  public synchronized ClusterWatcher start() {
    if (reader != null) {
      throw new IllegalStateException("the watcher was started before");
    }
    reader = Thread.ofVirtual().name("sallyport-watch").start(this::follow);
    return this;
  }

  private void follow() {
    int failures = 0;
    try {
      while (isOpen()) {
        progressed = false;
        try {
          read();
        } catch (ControlException e) {
          reportLoss(e);
        } catch (RuntimeException e) {
          reportLoss(new ControlException(ErrorKind.INTERNAL, "the watch failed: " + e, e));
        }
        failures = progressed ? 0 : Math.min(failures + 1, MAX_DOUBLINGS);
        pause(failures);
      }
    } catch (InterruptedException e) {
      // Only close() interrupts: the end.
      Thread.currentThread().interrupt();
    } finally {
      view.behind(false);
    }
  }

  private void read() throws InterruptedException {
    var stream = open();
    try {
      while (isOpen()) {
        var event = stream.next();
        view.take(event);
        progressed |= event.type() == WatchType.SYNCED;
        if (event.type() == WatchType.BEAT && moveOver.getAndSet(false)) {
          stream = moved(stream);
        }
      }
    } finally {
      stream.close();
    }
  }

  /// The old one still counts, so it stays until another one is there.
  private WatchStream moved(WatchStream from) {
    try {
      var next = open();
      from.close();
      return next;
    } catch (ControlException e) {
      moveOver.set(true);
      return from;
    }
  }

  private WatchStream open() {
    return client.get().watch(kinds, view.revision(), SILENCE);
  }

  /// Goes on with a stream that is opened now, with the client of now, and gives up the one that is
  /// read; the view stays current meanwhile. Returns at once.
  public void moveOver() {
    moveOver.set(true);
  }

  private void reportLoss(ControlException e) {
    view.behind(e.kind() == ErrorKind.ACCESS_DENIED);
    if (isOpen()) {
      lost.accept(e);
    }
  }

  private void pause(int failures) throws InterruptedException {
    var longest = Math.min(FIRST_PAUSE.toMillis() << failures, MAX_PAUSE.toMillis());
    var _ = closed.await(random.nextLong(longest / 2, longest + 1), TimeUnit.MILLISECONDS);
  }

  private boolean isOpen() {
    return closed.getCount() > 0;
  }

  /// Stops reading; the view is not fresh from then on.
  @Override
  public synchronized void close() {
    closed.countDown();
    if (reader != null) {
      reader.interrupt();
    }
  }
}
