package dev.sallyport.agent.signing;

import dev.sallyport.agent.http.RequestHead;
import dev.sallyport.sigv4.Header;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which of a client's headers reach AWS. An allow-list: whatever is not named here is dropped, so
/// no spelling of an identity header, of a client's own signature or of a hop's header gets past.
final class ForwardedHeaders {
  /// What DynamoDB decides by, hence under the signature; and what AWS takes only there, which is
  /// everything that begins with `x-amz-`. The SDK for JavaScript sends its name in such a header.
  private static final Set<String> SIGNED =
      Set.of("content-type", "x-amz-target", "x-amz-user-agent");

  /// What it only reads or logs.
  private static final Set<String> UNSIGNED =
      Set.of("accept", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "user-agent");

  private ForwardedHeaders() {}

  static List<Header> signed(RequestHead head) {
    return named(head, SIGNED);
  }

  static List<Header> unsigned(RequestHead head) {
    return named(head, UNSIGNED);
  }

  private static List<Header> named(RequestHead head, Set<String> names) {
    var found = new ArrayList<Header>();
    for (var header : head.headers()) {
      if (names.contains(header.name().toLowerCase(Locale.ROOT))) {
        found.add(header);
      }
    }
    return found;
  }
}
