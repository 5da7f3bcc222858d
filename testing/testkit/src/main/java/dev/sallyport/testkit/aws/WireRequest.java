package dev.sallyport.testkit.aws;

import java.util.List;
import java.util.Optional;

/// A request as it was received.
///
/// @param connection counts the connections of the server, to tell apart which one it came on
/// @param method such as `POST`
/// @param path what stands before `?`
/// @param query what stands after `?`; empty when there is none
/// @param headers in the order of the wire
/// @param body without the framing of chunks
// Tests want the bytes that came, and nobody changes them.
@SuppressWarnings("ArrayRecordComponent")
public record WireRequest(
    long connection,
    String method,
    String path,
    String query,
    List<WireHeader> headers,
    byte[] body) {

  /// Copies the headers.
  public WireRequest {
    headers = List.copyOf(headers);
  }

  /// All values of a header, whatever its case.
  public List<String> all(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(WireHeader::value)
        .toList();
  }

  /// The value of a header that stands there once; empty when it does not, or more often.
  public Optional<String> only(String name) {
    List<String> values = all(name);
    return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
  }

  /// Whether the header has the word among its comma-separated values.
  boolean says(String name, String word) {
    return all(name).stream()
        .flatMap(value -> List.of(value.split(",")).stream())
        .anyMatch(part -> part.strip().equalsIgnoreCase(word));
  }
}
