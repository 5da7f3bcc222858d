package dev.sallyport.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A label whose value a command on the agent's host gives, again and again.
///
/// @param command program and arguments; never given to a shell
/// @param period how often it runs
/// @param value what it gave last; absent before it first succeeded
public record DynamicLabel(List<String> command, Duration period, Optional<String> value) {
  /// How many a database can have.
  public static final int MAX_LABELS = 20;

  /// The longest value, in bytes of its command's output.
  public static final int MAX_VALUE = 1_024;

  /// How often a command runs that does not say so.
  public static final Duration USUAL_PERIOD = Duration.ofHours(1);

  private static final Duration MIN_PERIOD = Duration.ofSeconds(1);
  private static final int MAX_WORDS = 64;

  public DynamicLabel {
    command = List.copyOf(command);
    Objects.requireNonNull(value, "value");
    if (command.isEmpty() || command.getFirst().isBlank() || command.size() > MAX_WORDS) {
      throw new IllegalArgumentException(
          "command: %d words (expected: a program and its arguments, at most %d words)"
              .formatted(command.size(), MAX_WORDS));
    }
    if (period.compareTo(MIN_PERIOD) < 0) {
      throw new IllegalArgumentException(
          "period: %s (expected: 1s or more)".formatted(Durations.format(period)));
    }
    if (value.filter(text -> text.length() > MAX_VALUE).isPresent()) {
      throw new IllegalArgumentException("result: longer than %d characters".formatted(MAX_VALUE));
    }
  }

  public DynamicLabel withValue(String newValue) {
    return new DynamicLabel(command, period, Optional.of(newValue));
  }
}
