package dev.sallyport.diagnostics;

import java.util.EnumMap;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/// A counter for each constant of an enum. For any thread; counting costs a few nanoseconds.
public final class Counters<E extends Enum<E>> {
  private final EnumMap<E, LongAdder> all;

  /// All at zero.
  public Counters(Class<E> kinds) {
    all = new EnumMap<>(kinds);
    for (var kind : kinds.getEnumConstants()) {
      all.put(kind, new LongAdder());
    }
  }

  /// Counts one.
  public void count(E kind) {
    at(kind).increment();
  }

  /// How many of this kind there were.
  public long of(E kind) {
    return at(kind).sum();
  }

  private LongAdder at(E kind) {
    return Objects.requireNonNull(all.get(kind));
  }

  void forEach(BiConsumer<E, Long> each) {
    all.forEach((kind, count) -> each.accept(kind, count.sum()));
  }
}
