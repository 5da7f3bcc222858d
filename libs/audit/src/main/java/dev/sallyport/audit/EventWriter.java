package dev.sallyport.audit;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Writes an event's record as a JSON object. Nested records are flattened, optional ones are
/// objects of their own, absent values and empty lists left out. Names are spelled once, and how a
/// value is written is known from its type before there is one.
final class EventWriter {

  private static final String CUT = "…";
  private static final JsonBytes.Name EVENT = new JsonBytes.Name("event");
  private static final JsonBytes.Name CODE = new JsonBytes.Name("code");

  private final JsonBytes out;

  EventWriter(JsonBytes out) {
    this.out = out;
  }

  void write(AuditEvent event) {
    out.begin('{');
    out.name(EVENT);
    out.string(event.event());
    out.name(CODE);
    out.string(event.code());
    if (event instanceof DatabaseEvent.DynamoDbRequest request) {
      new RequestWriter(out, this).write(request);
    } else {
      writeRecord(event);
    }
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
      case RECORD -> writeRecord(value);
      case OPTIONAL -> {
        Optional<?> optional = (Optional<?>) value;
        if (optional.isPresent()) {
          writePresent(component, optional.get());
        }
      }
      default -> writeNamed(component, component.form(), value);
    }
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
    JsonBytes.Name name = component.label();
    switch (form) {
      case LIST -> writeList(name, (Collection<?>) value);
      case MAP -> writeMap(name, (Map<?, ?>) value);
      case RECORD, OPTIONAL ->
          throw new IllegalStateException("no JSON form for field " + component.name());
      case TEXT, TIME, FLAG, WHOLE_NUMBER, FRACTION, JSON, CONSTANT -> {
        out.name(name);
        writeSingle(form, value);
      }
    }
  }

  private void writeSingle(FieldForm form, Object value) {
    switch (form) {
      case TEXT -> out.string(cut((String) value));
      case TIME -> out.time((Instant) value);
      case FLAG -> out.bool((Boolean) value);
      case WHOLE_NUMBER -> out.number(((Number) value).longValue());
      case FRACTION -> out.number((Double) value);
      case JSON -> out.raw(AuditJson.compact((RawJson) value));
      case CONSTANT -> out.string(EventFields.spell((Enum<?>) value));
      case RECORD, OPTIONAL, LIST, MAP -> throw new IllegalStateException(form + " is no value");
    }
  }

  /// Nothing for an empty one.
  void writeList(JsonBytes.Name name, Collection<?> list) {
    if (list.isEmpty()) {
      return;
    }
    out.name(name);
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

  /// Nothing for an empty one.
  void writeMap(JsonBytes.Name name, Map<?, ?> map) {
    if (map.isEmpty()) {
      return;
    }
    out.name(name);
    out.begin('{');
    if (map.size() == 1) {
      // Nothing can become the same as another.
      var only = map.entrySet().iterator().next();
      out.name(cut(String.valueOf(only.getKey())));
      out.string(cut(String.valueOf(only.getValue())));
    } else {
      writeSeveral(map);
    }
    out.end('}');
  }

  private void writeSeveral(Map<?, ?> map) {
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
    shown.forEach((key, text) -> {
      out.name(key);
      out.string(text);
    });
  }

  static String cut(String text) {
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
