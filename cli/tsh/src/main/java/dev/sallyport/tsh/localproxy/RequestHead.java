package dev.sallyport.tsh.localproxy;

import java.util.ArrayList;
import java.util.List;

/// Request line and headers, well-formed and with one clear framing.
///
/// @param target as the client wrote it
/// @param minorVersion 1 for HTTP/1.1, 0 for HTTP/1.0
/// @param bodyBytes length of the body, {@link #CHUNKED} when it comes in chunks
record RequestHead(
    String method, String target, int minorVersion, List<HeaderLine> headers, long bodyBytes) {
  static final long CHUNKED = -1;

  RequestHead {
    headers = List.copyOf(headers);
  }

  boolean chunked() {
    return bodyBytes == CHUNKED;
  }

  boolean http10() {
    return minorVersion == 0;
  }

  List<String> all(String name) {
    var values = new ArrayList<String>(1);
    for (var header : headers) {
      if (header.is(name)) {
        values.add(header.value());
      }
    }
    return values;
  }

  /// Whether the client wants to use its connection for another request. HTTP/1.0 clients get one
  /// answer for one connection.
  boolean keepAlive() {
    if (http10()) {
      return false;
    }
    for (var value : all("connection")) {
      for (var option : value.split(",", -1)) {
        if (option.strip().equalsIgnoreCase("close")) {
          return false;
        }
      }
    }
    return true;
  }

  boolean expectsContinue() {
    return !http10() && all("expect").stream().anyMatch("100-continue"::equalsIgnoreCase);
  }
}
