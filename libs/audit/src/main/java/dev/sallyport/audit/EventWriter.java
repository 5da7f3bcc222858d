package dev.sallyport.audit;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Writes an event's record as a JSON object. Nested records are flattened, optional ones are
/// objects of their own, absent values and empty lists left out. Every request is written twice, on
/// the event loop that carries it: so names are spelled once, and how a value is written is known
/// from its type before there is one.
final class EventWriter {

  private static final String CUT = "…";
  private static final WrittenParts PARTS = new WrittenParts();
  private static final JsonBytes.Name EVENT = new JsonBytes.Name("event");
  private static final JsonBytes.Name CODE = new JsonBytes.Name("code");

  private final JsonBytes out;
  private boolean ofARequest;

  EventWriter(JsonBytes out) {
    this.out = out;
  }

  void write(AuditEvent event) {
    ofARequest = event instanceof DatabaseEvent.DynamoDbRequest;
    out.begin('{');
    out.name(EVENT);
    out.string(event.event());
    out.name(CODE);
    out.string(event.code());
    writeRecord(event);
    out.end('}');
  }

  /// The fields of a record, for an object that is open.
  void writeRecord(Object value) {
    for (RecordShape.Component component : RecordShape.of(value.getClass()).components()) {
      if (!component.inTheName()) {
        write(component, component.of(value));
      }
    }
  }

  private void write(RecordShape.Component component, Object value) {
    switch (component.form()) {
      case RECORD -> writeNested((Record) value);
      case OPTIONAL -> {
        Optional<?> optional = (Optional<?>) value;
        if (optional.isPresent()) {
          writePresent(component, optional.get());
        }
      }
      default -> writeNamed(component, component.form(), value);
    }
  }

  private void writeNested(Record part) {
    if (!ofARequest || !isOfASession(part) || !PARTS.write(part, out)) {
      writeRecord(part);
    }
  }

  private static boolean isOfASession(Record part) {
    return part instanceof DatabaseMetadata
        || part instanceof SessionMetadata
        || part instanceof UserMetadata;
  }

  private void writePresent(RecordShape.Component component, Object present) {
    if (component.innerForm() == FieldForm.RECORD) {
      out.name(component.label());
      out.begin('{');
      writeRecord(present);
      out.end('}');
    } else {
      writeNamed(component, component.innerForm(), present);
    }
  }

  private void writeNamed(RecordShape.Component component, FieldForm form, Object value) {
    if (isEmpty(form, value)) {
      return;
    }
    out.name(component.label());
    switch (form) {
      case TEXT -> out.string(cut((String) value));
      case TIME -> out.time((Instant) value);
      case FLAG -> out.bool((Boolean) value);
      case WHOLE_NUMBER -> out.number(((Number) value).longValue());
      case FRACTION -> out.number((Double) value);
      case JSON -> out.raw(AuditJson.compact((RawJson) value));
      case CONSTANT -> out.string(EventFields.spell((Enum<?>) value));
      case LIST -> writeList((Collection<?>) value);
      case MAP -> writeMap((Map<?, ?>) value);
      case RECORD, OPTIONAL ->
          throw new IllegalStateException("no JSON form for field " + component.name());
    }
  }

  private static boolean isEmpty(FieldForm form, Object value) {
    return switch (form) {
      case LIST -> ((Collection<?>) value).isEmpty();
      case MAP -> ((Map<?, ?>) value).isEmpty();
      default -> false;
    };
  }

  private void writeList(Collection<?> list) {
    out.begin('[');
    int room = AuditJson.ELEMENTS_LENGTH_MAX;
    int count = 0;
    for (Object element : list) {
      String text = cut(String.valueOf(element));
      room -= text.length();
      if (room < 0 || count == AuditJson.ELEMENTS_MAX) {
        break;
      }
      out.string(text);
      count++;
    }
    out.end(']');
  }

  private void writeMap(Map<?, ?> map) {
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
    out.begin('{');
    shown.forEach((key, text) -> {
      out.name(key);
      out.string(text);
    });
    out.end('}');
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
