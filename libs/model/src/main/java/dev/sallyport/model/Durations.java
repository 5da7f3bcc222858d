package dev.sallyport.model;

import java.time.Duration;
import java.util.regex.Pattern;

/// Lengths of time as documents and flags write them: `30h`, `1h30m`, `1.5s`, `250ms`.
public final class Durations {
  private static final int MAX_LENGTH = 64;
  private static final Pattern PART =
      Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,9}))?(ns|us|µs|ms|s|m|h)");
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Durations() {}

  /// Reads a length of time; throws `IllegalArgumentException` that shows the text otherwise.
  public static Duration parse(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    var negative = text.startsWith("-");
    var rest = negative ? text.substring(1) : text;
    if (rest.isEmpty() || rest.length() > MAX_LENGTH) {
      throw unreadable(text);
    }
    var total = Duration.ZERO;
    var part = PART.matcher(rest);
    int position = 0;
    while (position < rest.length()) {
      part.region(position, rest.length());
      if (!part.lookingAt()) {
        throw unreadable(text);
      }
      var unit = unitNanos(part.group(3));
      total = total.plus(Duration.ofNanos(unit).multipliedBy(Long.parseLong(part.group(1))));
      var fraction = part.group(2);
      if (fraction != null) {
        var scaled = Long.parseLong((fraction + "000000000").substring(0, 9));
        total = total.plus(Duration.ofNanos(unit).multipliedBy(scaled).dividedBy(NANOS_PER_SECOND));
      }
      position = part.end();
    }
    return negative ? total.negated() : total;
  }

  /// Writes a length of time as Go programs do: `30h0m0s`, `1m30s`, `0s`, `1.5s`.
  public static String format(Duration duration) {
    if (duration.isNegative()) {
      return "-" + format(duration.negated());
    }
    var text = new StringBuilder();
    var hours = duration.toHours();
    if (hours > 0) {
      text.append(hours).append('h');
    }
    if (hours > 0 || duration.toMinutesPart() > 0) {
      text.append(duration.toMinutesPart()).append('m');
    }
    text.append(duration.toSecondsPart());
    if (duration.toNanosPart() > 0) {
      var fraction = "%09d".formatted(duration.toNanosPart());
      text.append('.').append(fraction.replaceFirst("0+$", ""));
    }
    return text.append('s').toString();
  }

  private static long unitNanos(String unit) {
    return switch (unit) {
      case "ns" -> 1;
      case "us", "µs" -> 1_000;
      case "ms" -> 1_000_000;
      case "s" -> NANOS_PER_SECOND;
      case "m" -> 60 * NANOS_PER_SECOND;
      case "h" -> 3_600 * NANOS_PER_SECOND;
      default -> throw new IllegalStateException(unit);
    };
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        Quoted.of(text) + " is not a length of time (expected: like 30m, 8h or 1h30m)");
  }
}
