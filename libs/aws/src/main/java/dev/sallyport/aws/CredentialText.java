package dev.sallyport.aws;

import dev.sallyport.aws.CredentialSource.Own;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Credentials as AWS's programs and metadata services write them: a JSON object of at most
/// [#MAX_BYTES]. No message shows a part of the text, which holds the secret.
final class CredentialText {
  static final int MAX_BYTES = 64 * 1024;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private CredentialText() {}

  static AwsCredentials keys(String id, String secret, Optional<String> token) {
    return token
        .<AwsCredentials>map(text -> AwsSessionCredentials.create(id, secret, text))
        .orElseGet(() -> AwsBasicCredentials.create(id, secret));
  }

  /// Keys of these names, without an end.
  ///
  /// @throws SourceFailure if there are none, or half a pair, which is named
  static Own pair(String id, String secret, String token, Function<String, Optional<String>> values)
      throws SourceFailure {
    var given = values.apply(id);
    var key = values.apply(secret);
    if (given.isEmpty() && key.isEmpty()) {
      throw SourceFailure.notSetUp(id + " is not set");
    }
    if (given.isEmpty()) {
      throw SourceFailure.broken(secret + " is set and " + id + " is not");
    }
    if (key.isEmpty()) {
      throw SourceFailure.broken(id + " is set and " + secret + " is not");
    }
    return new Own(keys(given.get(), key.get(), values.apply(token)), Optional.empty());
  }

  /// The object of this text.
  ///
  /// @param who for the message
  static JsonNode object(byte[] text, String who) throws SourceFailure {
    if (text.length > MAX_BYTES) {
      throw SourceFailure.broken(who + " gave more than " + MAX_BYTES + " bytes");
    }
    try {
      var node = MAPPER.readTree(text);
      if (node.isObject()) {
        return node;
      }
    } catch (JacksonException e) {
      throw SourceFailure.broken(who + " gave what is no JSON");
    }
    throw SourceFailure.broken(who + " gave no JSON object");
  }

  static Optional<String> text(JsonNode object, String field) {
    return Optional.ofNullable(object.get(field))
        .filter(JsonNode::isString)
        .map(JsonNode::asString)
        .filter(text -> !text.isBlank());
  }

  static Optional<Instant> instant(JsonNode object, String field, String who) throws SourceFailure {
    var text = text(object, field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      // Version 1 of the CLI writes the zone by name.
      return Optional.of(Instant.parse(text.get().replaceFirst("UTC$", "Z")));
    } catch (DateTimeParseException e) {
      throw SourceFailure.broken(who + " gave an " + field + " that is no time");
    }
  }

  /// Credentials with an end, which is not past.
  ///
  /// @param tokenField how the session token is called here
  static Own own(JsonNode object, String tokenField, String who, Instant now) throws SourceFailure {
    var id = text(object, "AccessKeyId");
    var secret = text(object, "SecretAccessKey");
    if (id.isEmpty() || secret.isEmpty()) {
      throw SourceFailure.broken(who + " gave no AccessKeyId and SecretAccessKey");
    }
    var end = instant(object, "Expiration", who);
    if (end.isPresent() && !now.isBefore(end.get())) {
      throw SourceFailure.broken(who + " gave credentials that ended at " + end.get());
    }
    return new Own(keys(id.get(), secret.get(), text(object, tokenField)), end);
  }
}
