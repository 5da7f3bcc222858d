package dev.sallyport.audit;

import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// Audit events as JSON: one object a line, fields named as Teleport names them.
///
/// Writing never fails for what is inside an event: long texts and lists are cut, so that one
/// hostile request cannot stall the log. Reading is strict: an event must be of a known kind,
/// whole, and hold nothing more.
public final class AuditJson {

  /// Longest line that is read. Longer than any that is written.
  public static final int LINE_BYTES_MAX = 512 * 1024;

  /// Longest text of one field; longer ones are cut and end in an ellipsis.
  public static final int TEXT_LENGTH_MAX = 1024;

  /// Most elements of one list or object; the rest is left out.
  public static final int ELEMENTS_MAX = 256;

  /// Most characters of one list or object together; the rest is left out.
  public static final int ELEMENTS_LENGTH_MAX = 8192;

  private static final int TYPICAL_BYTES = 2048;

  private static final int DEPTH_MAX = RawJson.DEPTH_MAX + 8;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxStringLength(LINE_BYTES_MAX)
                          .maxDocumentLength(LINE_BYTES_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // A recorded body keeps its numbers as they were.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private AuditJson() {}

  /// The same value without spaces between its parts.
  static byte[] compact(RawJson json) {
    return MAPPER.writeValueAsBytes(MAPPER.readTree(json.text()));
  }

  /// The event as one line of JSON in UTF-8, with the line's end.
  public static byte[] toLine(AuditEvent event) {
    var out = written(event);
    out.lineEnd();
    return out.toByteArray();
  }

  /// The event as JSON in UTF-8 without a line's end: the bytes that a chain is made over. The same
  /// event has the same bytes.
  public static byte[] toBytes(AuditEvent event) {
    return written(event).toByteArray();
  }

  /// As [#toBytes], as text.
  public static String toText(AuditEvent event) {
    return new String(toBytes(event), StandardCharsets.UTF_8);
  }

  /// The event as a tree, for what is made of several.
  public static JsonNode toJson(AuditEvent event) {
    return MAPPER.readTree(toBytes(event));
  }

  private static JsonBytes written(AuditEvent event) {
    var out = new JsonBytes(TYPICAL_BYTES);
    new EventWriter(out).write(event);
    return out;
  }

  /// Reads one line.
  ///
  /// @throws InvalidAuditEvent for anything that [#toLine] does not write
  public static AuditEvent read(String line) throws InvalidAuditEvent {
    return read(parse(line));
  }

  /// The JSON of one line, be it an event or not.
  ///
  /// @throws InvalidAuditEvent for what is no JSON, or larger or deeper than any event
  public static JsonNode parse(String line) throws InvalidAuditEvent {
    if (line.length() > LINE_BYTES_MAX) {
      throw new InvalidAuditEvent("event is longer than " + LINE_BYTES_MAX + " characters");
    }
    try {
      return MAPPER.readTree(line);
    } catch (JacksonException | NumberFormatException malformed) {
      throw new InvalidAuditEvent("event is no valid JSON");
    }
  }

  /// Reads one event.
  ///
  /// @throws InvalidAuditEvent for anything that [#toBytes] does not make
  public static AuditEvent read(JsonNode node) throws InvalidAuditEvent {
    return EventReader.read(node);
  }
}
