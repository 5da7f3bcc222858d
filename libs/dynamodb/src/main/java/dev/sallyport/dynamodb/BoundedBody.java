package dev.sallyport.dynamodb;

import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A body cut to a size without becoming invalid: long texts are shortened, and from some point on
/// fields and elements are left out.
///
/// @param json one JSON object of at most the wanted size
/// @param cut whether anything is missing
public record BoundedBody(String json, boolean cut) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int TEXT_MAX = 1024;
  private static final int CLOSING = 8;
  private static final String ELLIPSIS = "…";

  /// Cuts a body that was read as a [RequestSummary] before.
  ///
  /// @param bytesMax most bytes in UTF-8
  /// @param depthMax deepest nesting; what is deeper is left out
  public static BoundedBody of(byte[] body, int bytesMax, int depthMax) {
    StringWriter text = new StringWriter();
    boolean cut = false;
    try (JsonParser in = JSON.createParser(ObjectReadContext.empty(), body);
        JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      int room = bytesMax - CLOSING;
      int depth = 0;
      for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
        switch (token) {
          case START_OBJECT, START_ARRAY -> {
            boolean field = out.streamWriteContext().inObject();
            int cost = cost(in, field) + 2;
            if (depth == depthMax || (depth > 0 && cost > room)) {
              in.skipChildren();
              cut = true;
            } else {
              room -= cost;
              name(in, out, field);
              start(out, token);
              depth++;
            }
          }
          case END_OBJECT -> {
            out.writeEndObject();
            depth--;
          }
          case END_ARRAY -> {
            out.writeEndArray();
            depth--;
          }
          case PROPERTY_NAME -> {}
          default -> {
            boolean field = out.streamWriteContext().inObject();
            String value = in.getString();
            boolean longText = token == JsonToken.VALUE_STRING && value.length() > TEXT_MAX;
            String kept = longText ? shortened(value) : value;
            int cost = cost(in, field) + size(kept) + 2;
            if (cost > room || !readable(token, value)) {
              cut = true;
            } else {
              room -= cost;
              cut |= longText;
              name(in, out, field);
              value(out, token, kept);
            }
          }
        }
      }
    }
    return new BoundedBody(text.toString(), cut);
  }

  /// Whether readers can hold the number: an exponent may be too large for them (RFC 8259, section
  /// 6, sets no limit).
  private static boolean readable(JsonToken token, String value) {
    if (token != JsonToken.VALUE_NUMBER_FLOAT) {
      return true;
    }
    try {
      return new BigDecimal(value).precision() > 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static int cost(JsonParser in, boolean field) {
    String name = field ? in.currentName() : "";
    return field && name != null ? size(name) + 2 : 1;
  }

  /// The most that a text may take: each control character becomes six.
  private static int size(String text) {
    int size = 2 + text.getBytes(StandardCharsets.UTF_8).length;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ') {
        size += 5;
      } else if (c == '"' || c == '\\') {
        size++;
      }
    }
    return size;
  }

  private static String shortened(String value) {
    int end = TEXT_MAX - 1;
    if (Character.isHighSurrogate(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(0, end) + ELLIPSIS;
  }

  private static void name(JsonParser in, JsonGenerator out, boolean field) {
    if (field) {
      out.writeName(in.currentName());
    }
  }

  private static void start(JsonGenerator out, JsonToken token) {
    if (token == JsonToken.START_OBJECT) {
      out.writeStartObject();
    } else {
      out.writeStartArray();
    }
  }

  private static void value(JsonGenerator out, JsonToken token, String text) {
    switch (token) {
      case VALUE_STRING -> out.writeString(text);
      case VALUE_TRUE -> out.writeBoolean(true);
      case VALUE_FALSE -> out.writeBoolean(false);
      case VALUE_NULL -> out.writeNull();
      default -> out.writeNumber(text);
    }
  }
}
