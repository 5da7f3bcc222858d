package dev.sallyport.tctl;

import dev.sallyport.model.Durations;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lengths of time on the command line: `30m`, `1h30m`.
final class TtlOption {
  private TtlOption() {}

  /// The option's value, if given; refuses what is no length of time, or not longer than zero.
  static Optional<Duration> parse(@Nullable String text) {
    return parse("--ttl", text);
  }

  /// The same of an option of another name.
  static Optional<Duration> parse(String option, @Nullable String text) {
    if (text == null) {
      return Optional.empty();
    }
    try {
      Duration ttl = Durations.parse(text);
      if (ttl.isPositive()) {
        return Optional.of(ttl);
      }
    } catch (IllegalArgumentException e) {
      throw unusable(option, text);
    }
    throw unusable(option, text);
  }

  private static CommandFailed unusable(String option, String text) {
    return new CommandFailed(option + ": \"" + text + "\" (expected: a time such as 30m or 1h30m)");
  }

  /// The time without its zero parts: `1h`, not `1h0m0s`.
  static String brief(Duration ttl) {
    String text = Durations.format(ttl);
    String shorter = text.endsWith("m0s") ? text.substring(0, text.length() - 2) : text;
    return shorter.endsWith("h0m") ? shorter.substring(0, shorter.length() - 2) : shorter;
  }
}
