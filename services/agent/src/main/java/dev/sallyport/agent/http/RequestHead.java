package dev.sallyport.agent.http;

import dev.sallyport.sigv4.Header;
import java.util.List;
import java.util.Optional;

/// The request line and headers of a request, parsed and checked.
///
/// @param method as sent
/// @param path the path alone; of an absolute-form target too, whose host is dropped unread
/// @param query what stood behind the question mark; empty where there was none
/// @param http11 false for HTTP/1.0
/// @param keepAlive whether the client wants another answer on this connection
/// @param headers every header in the order sent
public record RequestHead(
    String method,
    String path,
    String query,
    boolean http11,
    boolean keepAlive,
    List<Header> headers) {
  public RequestHead {
    headers = List.copyOf(headers);
  }

  /// The first header of this name, compared without case.
  public Optional<String> header(String name) {
    for (var header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }

  /// How often a header of this name stands there.
  public int count(String name) {
    int count = 0;
    for (var header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        count++;
      }
    }
    return count;
  }
}
