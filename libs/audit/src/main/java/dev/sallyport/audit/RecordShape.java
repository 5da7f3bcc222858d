package dev.sallyport.audit;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/// What of a record stands in JSON, and under which names. Found out once for each type: asking the
/// JVM anew for each event took more time than writing it.
///
/// @param components in their order
/// @param canonical takes all of them
record RecordShape(List<Component> components, Constructor<?> canonical) {
  private static final ClassValue<RecordShape> KNOWN =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return make(type);
        }
      };

  /// One of a record's components.
  ///
  /// @param name in JSON
  /// @param inner what an optional one holds; else the type itself
  /// @param inTheName whether the event's name and code tell it already
  /// @param label the name as it is written
  /// @param form how the value is written
  /// @param innerForm how what it holds is written, if it is optional; else as the value
  record Component(
      String name,
      Class<?> type,
      Class<?> inner,
      boolean inTheName,
      RecordAccessor accessor,
      JsonBytes.Name label,
      FieldForm form,
      FieldForm innerForm) {
    /// What a record has there.
    Object of(Object owner) {
      return accessor.of(owner);
    }
  }

  /// @param type of a record
  static RecordShape of(Class<?> type) {
    return KNOWN.get(type);
  }

  /// A record of these values, in the order of the components.
  ///
  /// @throws InvalidAuditEvent if the record refuses them
  Object create(Object[] values) throws InvalidAuditEvent {
    try {
      return canonical.newInstance(values);
    } catch (InvocationTargetException refused) {
      throw new InvalidAuditEvent(
          canonical.getDeclaringClass().getSimpleName() + " refuses its fields");
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("cannot make " + canonical, impossible);
    }
  }

  private static RecordShape make(Class<?> type) {
    var parts = type.getRecordComponents();
    var types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return new RecordShape(
          Arrays.stream(parts).map(RecordShape::component).toList(),
          type.getDeclaredConstructor(types));
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException("cannot make " + type, impossible);
    }
  }

  private static Component component(RecordComponent part) {
    var inner =
        part.getGenericType() instanceof ParameterizedType generic
                && generic.getActualTypeArguments()[0] instanceof Class<?> held
            ? held
            : part.getType();
    var name = EventFields.nameOf(part.getName());
    return new Component(
        name,
        part.getType(),
        inner,
        EventFields.IN_THE_NAME.contains(part.getType()),
        new RecordAccessor(part.getAccessor()),
        new JsonBytes.Name(name),
        FieldForm.of(part.getType()),
        FieldForm.of(inner));
  }
}
