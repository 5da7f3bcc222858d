package dev.sallyport.audit;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// How components of event records are named and spelled in JSON.
final class EventFields {

  static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT)
          .withZone(ZoneOffset.UTC);

  private static final Map<String, String> OWN_NAMES =
      Map.of("index", "ei", "remoteAddress", "addr.remote");

  /// Components that the event's name and code tell already.
  static final Set<Class<?>> IN_THE_NAME = Set.of(ClusterEvent.Change.class);

  private static final Map<Enum<?>, String> SPELLED = new ConcurrentHashMap<>();

  private EventFields() {}

  /// `clusterName` becomes `cluster_name`, and a few have names of their own.
  static String nameOf(String component) {
    String own = OWN_NAMES.get(component);
    if (own != null) {
      return own;
    }
    StringBuilder name = new StringBuilder(component.length() + 4);
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      if (Character.isUpperCase(c)) {
        name.append('_').append(Character.toLowerCase(c));
      } else {
        name.append(c);
      }
    }
    return name.toString();
  }

  /// `NOT_SENT` becomes `not_sent`.
  static String spell(Enum<?> value) {
    return SPELLED.computeIfAbsent(value, any -> any.name().toLowerCase(Locale.ROOT));
  }
}
