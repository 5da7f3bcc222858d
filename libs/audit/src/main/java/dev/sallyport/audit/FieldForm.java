package dev.sallyport.audit;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// How a value of an event is written, known from its type.
enum FieldForm {
  /// Its fields are the event's.
  RECORD,
  OPTIONAL,
  TEXT,
  TIME,
  FLAG,
  WHOLE_NUMBER,
  FRACTION,
  JSON,
  CONSTANT,
  LIST,
  MAP;

  /// @throws IllegalStateException for a type that no event may have
  static FieldForm of(Class<?> type) {
    if (type.isRecord()) {
      return RECORD;
    }
    if (type.isEnum()) {
      return CONSTANT;
    }
    if (type == Optional.class) {
      return OPTIONAL;
    }
    if (type == String.class) {
      return TEXT;
    }
    if (type == Instant.class) {
      return TIME;
    }
    if (type == List.class) {
      return LIST;
    }
    if (type == Map.class) {
      return MAP;
    }
    return ofSingle(type);
  }

  private static FieldForm ofSingle(Class<?> type) {
    if (type == boolean.class || type == Boolean.class) {
      return FLAG;
    }
    if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
      return WHOLE_NUMBER;
    }
    if (type == double.class || type == Double.class) {
      return FRACTION;
    }
    if (type == RawJson.class) {
      return JSON;
    }
    throw new IllegalStateException("no JSON form for " + type);
  }
}
