package dev.sallyport.dynamodb;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// An error as it goes back to the client.
///
/// @param status the HTTP status
/// @param headers content type, length, checksum and request id, in the spelling of AWS
/// @param body the JSON text in UTF-8
// Made for one answer and written at once: copying would guard against nobody.
@SuppressWarnings("ArrayRecordComponent")
public record ErrorAnswer(int status, Map<String, String> headers, byte[] body) {

  /// Copies the headers, keeping their order.
  public ErrorAnswer {
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }
}
