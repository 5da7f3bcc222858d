package dev.sallyport.testkit.aws;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// A header line exactly as it was, or shall be, on the wire.
///
/// @param name in the spelling of the wire
/// @param value without surrounding blanks
public record WireHeader(String name, String value) {

  /// The `Date` of an answer that is given at this time.
  static WireHeader date(Instant time) {
    return new WireHeader(
        "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(time.atOffset(ZoneOffset.UTC)));
  }
}
