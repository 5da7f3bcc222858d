package dev.sallyport.audit;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// Writes an event's record as a JSON object. Nested records are flattened, optional ones are
/// objects of their own, absent values and empty lists left out. Straight into bytes: every request
/// is written twice, and a tree of nodes costs more than all else about it.
final class EventWriter {

  private static final String CUT = "…";
  private static final WrittenParts PARTS = new WrittenParts();

  private final JsonGenerator out;
  private boolean ofARequest;

  EventWriter(JsonGenerator out) {
    this.out = out;
  }

  void write(AuditEvent event) {
    ofARequest = event instanceof DatabaseEvent.DynamoDbRequest;
    out.writeStartObject();
    out.writeStringProperty("event", event.event());
    out.writeStringProperty("code", event.code());
    writeRecord(event);
    out.writeEndObject();
  }

  /// A record alone, as an object.
  void writeFields(Record part) {
    out.writeStartObject();
    writeRecord(part);
    out.writeEndObject();
  }

  private void writeRecord(Object value) {
    for (RecordShape.Component component : RecordShape.of(value.getClass()).components()) {
      if (!component.inTheName()) {
        write(component.name(), component.of(value));
      }
    }
  }

  private void write(String name, Object value) {
    switch (value) {
      case Record nested when ofARequest && isOfASession(nested) && PARTS.write(nested, out) -> {}
      case Record nested -> writeRecord(nested);
      case Optional<?> optional -> optional.ifPresent(present -> writePresent(name, present));
      case String text -> out.writeStringProperty(name, cut(text));
      case Instant time -> out.writeStringProperty(name, EventFields.TIME.format(time));
      case Boolean flag -> out.writeBooleanProperty(name, flag);
      case Integer number -> out.writeNumberProperty(name, number);
      case Long number -> out.writeNumberProperty(name, number);
      case Double number -> out.writeNumberProperty(name, number);
      case RawJson json -> {
        out.writeName(name);
        out.writeTree(AuditJson.tree(json));
      }
      case Enum<?> constant -> out.writeStringProperty(name, EventFields.spell(constant));
      case Collection<?> list -> {
        if (!list.isEmpty()) {
          writeList(name, list);
        }
      }
      case Map<?, ?> map -> {
        if (!map.isEmpty()) {
          writeMap(name, map);
        }
      }
      default -> throw new IllegalStateException("no JSON form for field " + name);
    }
  }

  private static boolean isOfASession(Record part) {
    return part instanceof DatabaseMetadata
        || part instanceof SessionMetadata
        || part instanceof UserMetadata;
  }

  private void writePresent(String name, Object present) {
    if (present instanceof Record nested) {
      out.writeObjectPropertyStart(name);
      writeRecord(nested);
      out.writeEndObject();
    } else {
      write(name, present);
    }
  }

  private void writeList(String name, Collection<?> list) {
    out.writeArrayPropertyStart(name);
    int room = AuditJson.ELEMENTS_LENGTH_MAX;
    int count = 0;
    for (Object element : list) {
      String text = cut(String.valueOf(element));
      room -= text.length();
      if (room < 0 || count == AuditJson.ELEMENTS_MAX) {
        break;
      }
      out.writeString(text);
      count++;
    }
    out.writeEndArray();
  }

  private void writeMap(String name, Map<?, ?> map) {
    Map<String, String> shown = new LinkedHashMap<>();
    int room = AuditJson.ELEMENTS_LENGTH_MAX;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = cut(String.valueOf(entry.getKey()));
      String text = cut(String.valueOf(entry.getValue()));
      room -= key.length() + text.length();
      if (room < 0 || shown.size() == AuditJson.ELEMENTS_MAX) {
        break;
      }
      // Keys that were cut may have become the same.
      shown.put(key, text);
    }
    out.writeObjectPropertyStart(name);
    shown.forEach(out::writeStringProperty);
    out.writeEndObject();
  }

  private static String cut(String text) {
    if (text.length() <= AuditJson.TEXT_LENGTH_MAX) {
      return text;
    }
    int end = AuditJson.TEXT_LENGTH_MAX - CUT.length();
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end) + CUT;
  }
}
