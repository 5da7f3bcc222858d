package dev.sallyport.control;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/// The JSON of the control API: snake_case names, ISO 8601 times and durations, absent instead of
/// null, bounded depth and sizes, no name twice.
public final class ControlJson {
  /// The largest body of a request or answer, in bytes; larger ones are refused unread.
  public static final int MAX_BODY = 8 << 20;

  /// The deepest nesting.
  public static final int MAX_DEPTH = 64;

  /// For requests: an unknown field is refused.
  public static final JsonMapper MAPPER = builder(true).build();

  /// For answers: a newer server may say more than this side knows.
  public static final JsonMapper ANSWERS = builder(false).build();

  private ControlJson() {}

  /// Reads a request body. What cannot be read is a bad parameter; the message does not repeat it.
  public static <T> T request(byte[] body, Class<T> type) {
    if (body.length > MAX_BODY) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED, "the request is longer than " + MAX_BODY + " bytes");
    }
    try {
      var value = MAPPER.readValue(body, type);
      if (value == null) {
        throw new ControlException(
            ErrorKind.BAD_PARAMETER, "the request is null, not a " + name(type));
      }
      return value;
    } catch (JacksonException e) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "the request cannot be read as " + name(type) + where(e), e);
    } catch (NullPointerException | IllegalArgumentException e) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "the request cannot be read as " + name(type), e);
    }
  }

  /// Writes a body.
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /// Writes a body as text.
  public static String text(Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  private static String name(Class<?> type) {
    return type.getSimpleName();
  }

  /// Position and, where it is known, field: what a caller needs to find it, and nothing secret.
  private static String where(JacksonException e) {
    var text = new StringBuilder();
    var path = e.getPath();
    if (path != null && !path.isEmpty()) {
      text.append(" at ");
      for (var step : path) {
        var property = step.getPropertyName();
        text.append(property == null ? "[" + step.getIndex() + "]" : "." + property);
      }
    }
    var location = e.getLocation();
    if (location != null && location.getLineNr() > 0) {
      text.append(" (line ")
          .append(location.getLineNr())
          .append(", column ")
          .append(location.getColumnNr())
          .append(')');
    }
    return text.toString();
  }

  private static JsonMapper.Builder builder(boolean strict) {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxDocumentLength(MAX_BODY)
                    .maxStringLength(MAX_BODY)
                    .maxNameLength(4096)
                    .maxNumberLength(64)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    return JsonMapper.builder(factory)
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .changeDefaultPropertyInclusion(
            old -> old.withValueInclusion(JsonInclude.Include.NON_ABSENT))
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .addModule(
            new SimpleModule("secrets")
                .addSerializer(Secret.class, new SecretWriter())
                .addDeserializer(Secret.class, new SecretReader()));
  }

  /// The wire is the one place where a secret shows.
  private static final class SecretWriter extends ValueSerializer<Secret> {
    @Override
    public void serialize(Secret value, JsonGenerator json, SerializationContext context) {
      json.writeString(value.reveal());
    }
  }

  private static final class SecretReader extends ValueDeserializer<Secret> {
    @Override
    public Secret deserialize(JsonParser json, DeserializationContext context) {
      return Secret.of(json.getString());
    }
  }
}
