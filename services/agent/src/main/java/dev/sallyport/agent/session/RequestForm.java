package dev.sallyport.agent.session;

import dev.sallyport.agent.http.RequestHead;
import dev.sallyport.dynamodb.DynamoDbError;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The one form that requests of DynamoDB's protocol have. Anything else is refused, so that what
/// was judged is what AWS executes, also on the day AWS learns another protocol.
final class RequestForm {
  private static final Set<String> JSON =
      Set.of("application/x-amz-json-1.0", "application/x-amz-json-1.1", "application/json");
  private static final List<String> ONCE =
      List.of("X-Amz-Target", "Content-Type", "Content-Encoding");

  private RequestForm() {}

  /// What is wrong with it, if anything.
  static Optional<DynamoDbError> problem(RequestHead head) {
    if (head.path().startsWith("/service/")) {
      return refusal("requests by path (RPC v2, CBOR) are not supported; use the JSON protocol");
    }
    if (!head.method().equals("POST") || !head.path().equals("/") || !head.query().isEmpty()) {
      return refusal("DynamoDB's protocol knows no request but POST / without a query");
    }
    for (var name : ONCE) {
      if (head.count(name) > 1) {
        return refusal("the header " + name + " stands more than once");
      }
    }
    if (!head.header("Content-Encoding").orElse("identity").equalsIgnoreCase("identity")) {
      return refusal(
          "bodies with Content-Encoding are not taken; turn the client's compression of requests"
              + " off");
    }
    var type = head.header("Content-Type");
    if (type.isPresent() && !JSON.contains(mediaType(type.get()))) {
      return refusal("the Content-Type must be application/x-amz-json-1.0");
    }
    return Optional.empty();
  }

  private static String mediaType(String header) {
    int parameters = header.indexOf(';');
    var type = parameters < 0 ? header : header.substring(0, parameters);
    return type.strip().toLowerCase(Locale.ROOT);
  }

  private static Optional<DynamoDbError> refusal(String reason) {
    return Optional.of(DynamoDbError.validation("The request is not taken: " + reason + "."));
  }
}
