package dev.sallyport.diagnostics;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/// How long something took, counted in fixed steps from 0.25 ms to 60 s. For any thread.
public final class Histogram {
  private static final String[] STEPS = {
    "0.00025", "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5",
    "1.0", "2.5", "5.0", "10.0", "30.0", "60.0"
  };
  private static final long[] NANOS = nanos();

  private final LongAdder[] counts = new LongAdder[STEPS.length + 1];
  private final LongAdder sum = new LongAdder();

  /// An empty one.
  public Histogram() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  private static long[] nanos() {
    var all = new long[STEPS.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = Math.round(Double.parseDouble(STEPS[i]) * TimeUnit.SECONDS.toNanos(1));
    }
    return all;
  }

  /// Counts one duration.
  public void observe(long nanos) {
    int step = 0;
    while (step < NANOS.length && nanos > NANOS[step]) {
      step++;
    }
    counts[step].increment();
    sum.add(Math.max(0, nanos));
  }

  /// How many there were.
  public long count() {
    long all = 0;
    for (var each : counts) {
      all += each.sum();
    }
    return all;
  }

  /// Writes buckets, sum and count.
  void write(MetricText.Family family, MetricText.Label label) {
    long upTo = 0;
    for (int i = 0; i < STEPS.length; i++) {
      upTo += counts[i].sum();
      family.add("_bucket", upTo, label + ",le=\"" + STEPS[i] + "\"");
    }
    upTo += counts[STEPS.length].sum();
    family.add("_bucket", upTo, label + ",le=\"+Inf\"");
    family.add("_sum", sum.sum() / (double) TimeUnit.SECONDS.toNanos(1), label.toString());
    family.add("_count", upTo, label.toString());
  }
}
