package dev.sallyport.audit;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Makes an event of a JSON object: the reverse of [EventWriter], and strict.
final class EventReader {

  private final JsonNode object;
  private final Optional<ClusterEvent.Change> change;
  private final Set<String> used = new HashSet<>(Set.of("event", "code"));

  private EventReader(JsonNode object, Optional<ClusterEvent.Change> change) {
    this.object = object;
    this.change = change;
  }

  static AuditEvent read(JsonNode node) throws InvalidAuditEvent {
    if (!node.isObject()) {
      throw new InvalidAuditEvent("event is no JSON object");
    }
    String name = text(node.get("event"), "event");
    EventTypes.EventType type =
        EventTypes.find(name).orElseThrow(() -> new InvalidAuditEvent("event is of no known kind"));
    EventReader reader = new EventReader(node, type.change());
    AuditEvent event = (AuditEvent) reader.record(type.record());
    for (String field : node.propertyNames()) {
      if (!reader.used.contains(field)) {
        throw new InvalidAuditEvent(name + " has a field too many");
      }
    }
    if (!event.code().equals(text(node.get("code"), "code"))) {
      throw new InvalidAuditEvent(name + " has a code that does not fit its fields");
    }
    return event;
  }

  private Object record(Class<?> type) throws InvalidAuditEvent {
    RecordShape shape = RecordShape.of(type);
    Object[] values = new Object[shape.components().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = component(shape.components().get(i));
    }
    return shape.create(values);
  }

  private Object component(RecordShape.Component component) throws InvalidAuditEvent {
    Class<?> type = component.type();
    if (component.inTheName()) {
      return change.orElseThrow(() -> new IllegalStateException("no change in " + component));
    }
    if (type.isRecord()) {
      return record(type);
    }
    String name = component.name();
    used.add(name);
    JsonNode node = object.get(name);
    if (type == Optional.class) {
      return node == null ? Optional.empty() : Optional.of(present(component.inner(), node, name));
    }
    if (node == null) {
      if (type == List.class) {
        return List.of();
      }
      if (type == Map.class) {
        return Map.of();
      }
      throw new InvalidAuditEvent("field " + name + " is missing");
    }
    return value(type, node, name);
  }

  private static Object present(Class<?> type, JsonNode node, String name)
      throws InvalidAuditEvent {
    if (!type.isRecord()) {
      return value(type, node, name);
    }
    require(node.isObject(), name, "an object");
    EventReader reader = new EventReader(node, Optional.empty());
    reader.used.clear();
    Object nested = reader.record(type);
    require(reader.used.containsAll(node.propertyNames()), name, "an object without more fields");
    return nested;
  }

  private static Object value(Class<?> type, JsonNode node, String name) throws InvalidAuditEvent {
    if (type == String.class) {
      return text(node, name);
    } else if (type == RawJson.class) {
      return json(node, name);
    } else if (type == Instant.class) {
      return time(node, name);
    } else if (type == boolean.class) {
      require(node.isBoolean(), name, "true or false");
      return node.booleanValue();
    } else if (type == Double.class) {
      require(node.isNumber(), name, "a number");
      return node.doubleValue();
    } else if (type == int.class || type == Integer.class) {
      require(node.isIntegralNumber() && node.canConvertToInt(), name, "a number");
      return node.intValue();
    } else if (type == long.class) {
      require(node.isIntegralNumber() && node.canConvertToLong(), name, "a number");
      return node.longValue();
    } else if (type.isEnum()) {
      return constant(type, node, name);
    } else if (type == List.class) {
      return list(node, name);
    } else if (type == Map.class) {
      return map(node, name);
    }
    throw new IllegalStateException("no JSON form for field " + name);
  }

  private static String text(@org.jspecify.annotations.Nullable JsonNode node, String name)
      throws InvalidAuditEvent {
    if (node == null || !node.isString()) {
      throw new InvalidAuditEvent("field " + name + " is no text");
    }
    String text = node.stringValue();
    require(text.length() <= AuditJson.TEXT_LENGTH_MAX, name, "shorter");
    return text;
  }

  private static RawJson json(JsonNode node, String name) throws InvalidAuditEvent {
    try {
      return new RawJson(node.toString());
    } catch (IllegalArgumentException tooLong) {
      throw new InvalidAuditEvent("field " + name + " is too long");
    }
  }

  private static Instant time(JsonNode node, String name) throws InvalidAuditEvent {
    try {
      return Instant.from(EventFields.TIME.parse(text(node, name)));
    } catch (DateTimeException malformed) {
      throw new InvalidAuditEvent("field " + name + " is no time in UTC with milliseconds");
    }
  }

  private static Object constant(Class<?> type, JsonNode node, String name)
      throws InvalidAuditEvent {
    String text = text(node, name);
    for (Object constant : type.getEnumConstants()) {
      if (EventFields.spell((Enum<?>) constant).equals(text)) {
        return constant;
      }
    }
    throw new InvalidAuditEvent("field " + name + " has an unknown value");
  }

  private static List<String> list(JsonNode node, String name) throws InvalidAuditEvent {
    require(node.isArray() && node.size() <= AuditJson.ELEMENTS_MAX, name, "a short list");
    List<String> list = new ArrayList<>();
    for (JsonNode element : node) {
      list.add(text(element, name));
    }
    return list;
  }

  private static Map<String, String> map(JsonNode node, String name) throws InvalidAuditEvent {
    require(node.isObject() && node.size() <= AuditJson.ELEMENTS_MAX, name, "a small object");
    Map<String, String> map = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      map.put(entry.getKey(), text(entry.getValue(), name));
    }
    return map;
  }

  private static void require(boolean right, String name, String wish) throws InvalidAuditEvent {
    if (!right) {
      throw new InvalidAuditEvent("field " + name + " is not right (expected: " + wish + ")");
    }
  }
}
