package dev.sallyport.resources.document;

import dev.sallyport.model.InvalidDatabase;
import dev.sallyport.resources.InvalidDocument;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Gathers what is wrong, so that one reading tells everything. For one thread.
public final class Faults {
  /// How many are told; a document with more is not a document.
  public static final int MAX_TOLD = 50;

  private final String source;
  private final List<Fault> faults = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();

  /// @param source what the document is called, such as its path
  public Faults(String source) {
    this.source = source;
  }

  public void add(Position at, String field, String message) {
    if (faults.size() < MAX_TOLD) {
      faults.add(new Fault(at, field, message));
    }
  }

  /// Notes what works otherwise than its writer may think.
  public void warn(Position at, String field, String message) {
    if (warnings.size() < MAX_TOLD) {
      warnings.add(source + ": " + new Fault(at, field, message));
    }
  }

  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  public int count() {
    return faults.size();
  }

  /// Makes a value whose maker may refuse; nothing when it did, or when its fields had faults since
  /// the count was taken.
  public <T> Optional<T> make(int countBefore, Fields fields, Supplier<T> maker) {
    if (faults.size() > countBefore) {
      return Optional.empty();
    }
    try {
      return Optional.of(maker.get());
    } catch (InvalidDatabase e) {
      add(fields.placeOf(e.field()), fields.pathOf(e.field()), String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      add(fields.at(), fields.path(), String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  /// @throws InvalidDocument with all faults, unless there are none
  public void throwIfAny() {
    if (!faults.isEmpty()) {
      var sorted = new ArrayList<>(faults);
      sorted.sort(
          Comparator.comparingInt((Fault f) -> f.at().line())
              .thenComparingInt(f -> f.at().column()));
      throw new InvalidDocument(source, sorted);
    }
  }
}
