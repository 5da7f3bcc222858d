package dev.sallyport.bench.chain;

import java.util.Arrays;

/// Times of single requests. One thread at a time.
final class Latencies {
  private static final double MICRO = 1e3;

  private long[] nanos = new long[1 << 14];
  private int count;

  void add(long time) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, count * 2);
    }
    nanos[count++] = time;
  }

  int count() {
    return count;
  }

  /// The time within which this share of all was answered, in µs; 0 when there is none.
  double micros(double share) {
    if (count == 0) {
      return 0;
    }
    var sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[Math.min(count - 1, (int) (count * share))] / MICRO;
  }
}
