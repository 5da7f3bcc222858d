package dev.sallyport.audit;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes the JSON object of an event from its record. Nested records are flattened, optional ones
/// are objects of their own, absent values and empty lists left out.
final class EventWriter {

  private static final String CUT = "…";

  private EventWriter() {}

  static ObjectNode write(AuditEvent event) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("event", event.event());
    object.put("code", event.code());
    writeRecord(object, event);
    return object;
  }

  private static void writeRecord(ObjectNode object, Object value) {
    for (RecordShape.Component component : RecordShape.of(value.getClass()).components()) {
      if (!component.inTheName()) {
        write(object, component.name(), component.of(value));
      }
    }
  }

  private static void write(ObjectNode object, String name, Object value) {
    switch (value) {
      case Record nested -> writeRecord(object, nested);
      case Optional<?> optional ->
          optional.ifPresent(present -> writePresent(object, name, present));
      case String text -> object.put(name, cut(text));
      case Instant time -> object.put(name, EventFields.TIME.format(time));
      case Boolean flag -> object.put(name, flag);
      case Integer number -> object.put(name, number);
      case Long number -> object.put(name, number);
      case Double number -> object.put(name, number);
      case RawJson json -> object.set(name, AuditJson.tree(json));
      case Enum<?> constant -> object.put(name, EventFields.spell(constant));
      case Collection<?> list -> {
        if (!list.isEmpty()) {
          writeList(object.putArray(name), list);
        }
      }
      case Map<?, ?> map -> {
        if (!map.isEmpty()) {
          writeMap(object.putObject(name), map);
        }
      }
      default -> throw new IllegalStateException("no JSON form for field " + name);
    }
  }

  private static void writePresent(ObjectNode object, String name, Object present) {
    if (present instanceof Record nested) {
      writeRecord(object.putObject(name), nested);
    } else {
      write(object, name, present);
    }
  }

  private static void writeList(ArrayNode array, Collection<?> list) {
    int room = AuditJson.ELEMENTS_LENGTH_MAX;
    for (Object element : list) {
      String text = cut(String.valueOf(element));
      room -= text.length();
      if (room < 0 || array.size() == AuditJson.ELEMENTS_MAX) {
        return;
      }
      array.add(text);
    }
  }

  private static void writeMap(ObjectNode object, Map<?, ?> map) {
    int room = AuditJson.ELEMENTS_LENGTH_MAX;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = cut(String.valueOf(entry.getKey()));
      String text = cut(String.valueOf(entry.getValue()));
      room -= key.length() + text.length();
      if (room < 0 || object.size() == AuditJson.ELEMENTS_MAX) {
        return;
      }
      object.put(key, text);
    }
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
