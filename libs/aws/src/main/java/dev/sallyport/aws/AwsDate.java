package dev.sallyport.aws;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What time it is at AWS, as an answer's `Date` header tells (RFC 9110, section 5.6.7).
public final class AwsDate {
  private AwsDate() {}

  /// The time, if the header can be read.
  public static Optional<Instant> parsed(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date.strip(), Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
