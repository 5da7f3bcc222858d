package dev.sallyport.diagnostics;

import java.util.EnumMap;
import java.util.Objects;
import java.util.function.BiConsumer;

/// A histogram for each constant of an enum. For any thread.
public final class Histograms<E extends Enum<E>> {
  private final EnumMap<E, Histogram> all;

  /// All empty.
  public Histograms(Class<E> kinds) {
    all = new EnumMap<>(kinds);
    for (var kind : kinds.getEnumConstants()) {
      all.put(kind, new Histogram());
    }
  }

  /// The one of this kind.
  public Histogram of(E kind) {
    return Objects.requireNonNull(all.get(kind));
  }

  void forEach(BiConsumer<E, Histogram> each) {
    all.forEach(each);
  }
}
