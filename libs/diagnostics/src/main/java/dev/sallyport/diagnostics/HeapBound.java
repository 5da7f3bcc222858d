package dev.sallyport.diagnostics;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps a heap from growing for garbage alone.
///
/// The serial collector, which costs a service the least CPU, clears the old generation only when
/// the heap has reached its maximum, a quarter of the machine's memory: a service that runs for
/// weeks would hold all of that. So the heap is collected whole when it takes more than a floor,
/// and more than one and a half times what was left by the last time. A collection takes about 2 ms
/// for each MB that lives.
///
/// Looks once a second, on a thread of its own, until it is closed.
public final class HeapBound implements AutoCloseable {
  /// Below this the heap of a service is left alone.
  public static final long SERVICE = 64L << 20;

  /// Below this the heap of a tunnel is left alone.
  public static final long TUNNEL = 24L << 20;

  private static final Duration EVERY = Duration.ofSeconds(1);

  private final Heap heap;
  private final long floor;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long limit;

  /// What is kept within bounds.
  interface Heap {
    /// Bytes that the heap takes from the system.
    long committed();

    /// Collects all of it.
    void collect();
  }

  HeapBound(Heap heap, long floor) {
    this.heap = heap;
    this.floor = floor;
    this.limit = floor;
  }

  /// Begins to watch the heap of this process; whoever begins closes it.
  ///
  /// @param floor below which it is left alone, in bytes
  public static HeapBound start(long floor) {
    var bound = new HeapBound(new OwnHeap(), floor);
    Thread.ofPlatform().daemon().name("sallyport-heap").start(bound::watch);
    return bound;
  }

  private void watch() {
    try {
      while (!closed.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Collects when it is time to.
  void look() {
    if (heap.committed() > limit) {
      heap.collect();
      limit = Math.max(floor, heap.committed() + heap.committed() / 2);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private static final class OwnHeap implements Heap {
    private final Runtime runtime = Runtime.getRuntime();

    @Override
    public long committed() {
      return runtime.totalMemory();
    }

    @Override
    public void collect() {
      runtime.gc();
    }
  }
}
