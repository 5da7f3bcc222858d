package dev.sallyport.tctl;

import dev.sallyport.model.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A window of time on the command line: RFC 3339 (`2030-01-31T10:00:00Z`), a day (`2030-01-31`),
/// or how long ago (`2h`, `-2h`, `7d`).
final class AuditWindow {
  private static final Duration USUAL = Duration.ofHours(24);
  private static final Pattern DAYS = Pattern.compile("(\\d{1,5})d");

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description = "from then on: 2030-01-31T10:00:00Z, 2030-01-31, or 2h for two hours ago")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "TIME", description = "before then; the same forms")
  @Nullable String to;

  Optional<Instant> from(Instant now) {
    return Optional.ofNullable(from).map(text -> parse("--from", text, now));
  }

  Optional<Instant> to(Instant now) {
    return Optional.ofNullable(to).map(text -> parse("--to", text, now));
  }

  /// The beginning, a day ago unless told.
  Instant start(Instant now) {
    return from(now).orElse(now.minus(USUAL));
  }

  /// The end, a little after now unless told: clocks differ.
  Instant end(Instant now) {
    Instant end = to(now).orElse(now.plus(Duration.ofMinutes(5)));
    if (!end.isAfter(start(now))) {
      throw new CommandFailed("--to is not after --from: there is nothing in between");
    }
    return end;
  }

  private static Instant parse(String option, String text, Instant now) {
    try {
      if (text.length() == "2030-01-31".length() && text.indexOf('-') == 4) {
        return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
      }
      if (text.indexOf('T') > 0) {
        return OffsetDateTime.parse(text).toInstant();
      }
      String length = text.startsWith("-") ? text.substring(1) : text;
      var days = DAYS.matcher(length);
      Duration ago =
          days.matches() ? Duration.ofDays(Long.parseLong(days.group(1))) : Durations.parse(length);
      if (!ago.isNegative()) {
        return now.minus(ago);
      }
    } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
      throw unusable(option, text);
    }
    throw unusable(option, text);
  }

  private static CommandFailed unusable(String option, String text) {
    return new CommandFailed(
        "%s: \"%s\" (expected: a time such as 2030-01-31T10:00:00Z, a day such as 2030-01-31, or how long ago, such as 2h or 7d)"
            .formatted(option, text));
  }
}
