package dev.sallyport.auth.join.aws;

import dev.sallyport.model.AwsPartition;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an EC2 instance's identity document says of it. Fields that are not needed may be anything.
///
/// @param account twelve digits
/// @param started when the instance was started last
public record InstanceIdentity(String account, String region, String instanceId, Instant started) {
  private static final int DEPTH_MAX = 8;
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
  private static final Pattern INSTANCE = Pattern.compile("i-[0-9a-f]{8,17}");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /// Reads a document; nothing if it is none.
  public static Optional<InstanceIdentity> parse(byte[] document) {
    try {
      var root = JSON.readTree(new String(document, StandardCharsets.UTF_8));
      var account = text(root, "accountId").filter(ACCOUNT.asMatchPredicate());
      var region = text(root, "region").filter(AwsPartition::isRegion);
      var instance = text(root, "instanceId").filter(INSTANCE.asMatchPredicate());
      var pending = text(root, "pendingTime").map(Instant::parse);
      return account.isPresent()
              && region.isPresent()
              && instance.isPresent()
              && pending.isPresent()
          ? Optional.of(
              new InstanceIdentity(account.get(), region.get(), instance.get(), pending.get()))
          : Optional.empty();
    } catch (JacksonException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> text(JsonNode root, String name) {
    var node = root.path(name);
    return node.isString() ? Optional.of(node.asString()) : Optional.empty();
  }
}
