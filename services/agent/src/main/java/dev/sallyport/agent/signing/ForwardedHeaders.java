package dev.sallyport.agent.signing;

import dev.sallyport.agent.http.RequestHead;
import dev.sallyport.sigv4.Header;
import java.util.ArrayList;
import java.util.List;

/// Which of a client's headers reach AWS. An allow-list: whatever is not named here is dropped, so
/// no spelling of an identity header, of a client's own signature or of a hop's header gets past.
final class ForwardedHeaders {
  /// What DynamoDB decides by, hence under the signature; and what AWS takes only there, which is
  /// everything that begins with `x-amz-`. The SDK for JavaScript sends its name in such a header.
  private static final List<String> SIGNED =
      List.of("content-type", "x-amz-target", "x-amz-user-agent");

  /// What it only reads or logs.
  private static final List<String> UNSIGNED =
      List.of(
          "accept", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "user-agent");

  private ForwardedHeaders() {}

  static List<Header> signed(RequestHead head) {
    return named(head, SIGNED);
  }

  static List<Header> unsigned(RequestHead head) {
    return named(head, UNSIGNED);
  }

  private static List<Header> named(RequestHead head, List<String> names) {
    var found = new ArrayList<Header>();
    for (var header : head.headers()) {
      if (isOneOf(names, header.name())) {
        found.add(header);
      }
    }
    return found;
  }

  /// In any case of ASCII letters; a header's name has no others.
  private static boolean isOneOf(List<String> names, String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
