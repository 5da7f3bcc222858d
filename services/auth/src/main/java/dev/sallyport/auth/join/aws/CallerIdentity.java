package dev.sallyport.auth.join.aws;

import dev.sallyport.model.AwsPrincipal;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the answer to `GetCallerIdentity`. It has exactly the shape that AWS documents, or it is
/// none: no name twice, none that is unknown, nothing after it.
public final class CallerIdentity {
  /// The longest answer, in bytes.
  public static final int LENGTH_MAX = 16_384;

  private static final int DEPTH_MAX = 8;
  private static final String RESULT = "GetCallerIdentityResult";

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxDocumentLength(LENGTH_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private CallerIdentity() {}

  /// Who called; nothing if this is no such answer.
  public static Optional<AwsPrincipal> parse(byte[] body) {
    if (body.length > LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      return read(JSON.readTree(body));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<AwsPrincipal> read(JsonNode root) {
    var answer = root.path("GetCallerIdentityResponse");
    var result = answer.path(RESULT);
    if (!has(root, Set.of("GetCallerIdentityResponse"))
        || !has(answer, Set.of(RESULT, "ResponseMetadata"))
        || !has(answer.path("ResponseMetadata"), Set.of("RequestId"))
        || !has(result, Set.of("Account", "Arn", "UserId"))
        || !result.path("Account").isString()
        || !result.path("Arn").isString()) {
      return Optional.empty();
    }
    var account = result.path("Account").asString();
    return AwsPrincipal.parse(result.path("Arn").asString())
        .filter(caller -> caller.account().equals(account));
  }

  private static boolean has(JsonNode node, Set<String> names) {
    return node.isObject() && Set.copyOf(node.propertyNames()).equals(names);
  }
}
