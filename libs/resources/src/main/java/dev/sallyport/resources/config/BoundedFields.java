package dev.sallyport.resources.config;

import dev.sallyport.model.Durations;
import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.Fields;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads settings that have a least and a most, and choices. What is wrong is a fault, and reads as
/// what holds where nothing is said.
final class BoundedFields {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(KiB|MiB|GiB)?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Pattern DAYS = Pattern.compile("([0-9]{1,6})d");

  private BoundedFields() {}

  static <E extends Enum<E>> Optional<E> choice(Fields fields, String field, E[] choices) {
    var text = fields.text(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (var choice : choices) {
      if (spelled(choice).equals(text.get())) {
        return Optional.of(choice);
      }
    }
    fields.fault(
        field,
        "%s is not known (expected: %s)"
            .formatted(
                Quoted.of(text.get()),
                Arrays.stream(choices)
                    .map(BoundedFields::spelled)
                    .collect(Collectors.joining(", "))));
    return Optional.empty();
  }

  private static String spelled(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  static long size(Fields fields, String field, long least, long most, long otherwise) {
    var text = fields.text(field);
    if (text.isEmpty()) {
      return otherwise;
    }
    var match = SIZE.matcher(text.get());
    if (match.matches()) {
      long unit =
          switch (match.group(2) == null ? "" : match.group(2)) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            default -> 1L;
          };
      long number = Long.parseLong(match.group(1));
      if (number <= most / unit && number * unit >= least) {
        return number * unit;
      }
    }
    fields.fault(
        field,
        "%s is not a size that works (expected: bytes, or a number with KiB, MiB or GiB; from %d to"
                .formatted(Quoted.of(text.get()), least)
            + " %d bytes)".formatted(most));
    return otherwise;
  }

  static int count(Fields fields, String field, int least, int most, int otherwise) {
    var text = fields.text(field);
    if (text.isEmpty()) {
      return otherwise;
    }
    if (NUMBER.matcher(text.get()).matches()) {
      int number = Integer.parseInt(text.get());
      if (number >= least && number <= most) {
        return number;
      }
    }
    fields.fault(
        field,
        "%s is not a number that works (expected: %d to %d)"
            .formatted(Quoted.of(text.get()), least, most));
    return otherwise;
  }

  /// A length of time, whole days too: `365d`.
  static Duration time(
      Fields fields, String field, Duration least, Duration most, Duration otherwise) {
    var text = fields.text(field);
    if (text.isEmpty()) {
      return otherwise;
    }
    var days = DAYS.matcher(text.get());
    try {
      var time =
          days.matches()
              ? Duration.ofDays(Long.parseLong(days.group(1)))
              : Durations.parse(text.get());
      if (time.compareTo(least) >= 0 && time.compareTo(most) <= 0) {
        return time;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the bounds.
    }
    fields.fault(
        field,
        "%s is not a length of time that works (expected: like 90m, 24h or 30d; from %s to %s)"
            .formatted(Quoted.of(text.get()), Durations.format(least), Durations.format(most)));
    return otherwise;
  }
}
