package dev.sallyport.audit;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The reference of all events, made from the sealed types: names and codes from samples of each,
/// fields from the records' components, words from their doc comments.
final class EventReference {
  private static final Pattern RECORD = Pattern.compile("\\brecord (\\w+)\\(");
  private static final Pattern PARAM = Pattern.compile("@param (\\w+) (.*)");
  private static final String HEAD =
      """
      # Audit events

      Made from the types of the code; what is true of all of them stands in [The audit log](audit.md). Names and codes are those of Teleport where it
      has the event. The last letter of a code tells how bad it is: `I` information, `W` warning or refusal, `E` error. Fields marked with `?` are left
      out when there is nothing to say; empty lists and objects are, too.

      Every event has `event` (its name), `code`, `uid` (unique; intent and outcome of a request share it), `time` (RFC 3339, UTC, milliseconds),
      `cluster_name`, and `ei` (its place within a session).

      """;

  private final Map<String, Doc> docs = new LinkedHashMap<>();

  /// Words of a record.
  private record Doc(String text, Map<String, String> components) {}

  /// @param sources folder of the package's source files
  EventReference(Path sources) throws IOException {
    try (var files = Files.list(sources)) {
      for (var file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
        read(Files.readAllLines(file));
      }
    }
  }

  String text(List<AuditEvent> samples) {
    var text = new StringBuilder(HEAD);
    section(text, "At the agent", DatabaseEvent.class, samples);
    section(text, "Users", UserEvent.class, samples);
    section(text, "The cluster", ClusterEvent.class, samples);
    text.append("## Groups of fields\n");
    for (var group : groups(samples)) {
      text.append("\n### ").append(group.getSimpleName()).append("\n\n");
      text.append(doc(group).text()).append("\n\n");
      table(text, group);
    }
    return text.toString();
  }

  private void section(StringBuilder text, String title, Class<?> kind, List<AuditEvent> samples) {
    text.append("## ").append(title).append("\n");
    var types = new LinkedHashMap<Class<?>, TreeSet<String>>();
    for (var sample : samples) {
      if (kind.isInstance(sample)) {
        types
            .computeIfAbsent(sample.getClass(), type -> new TreeSet<>())
            .add("`%s` %s".formatted(sample.event(), sample.code()));
      }
    }
    types.forEach((type, names) -> {
      text.append("\n### ").append(String.join(" · ", names)).append("\n\n");
      text.append(doc(type).text()).append("\n\n");
      table(text, type);
    });
    text.append('\n');
  }

  private void table(StringBuilder text, Class<?> type) {
    var doc = doc(type);
    text.append("| field | type | what |\n| --- | --- | --- |\n");
    for (var component : type.getRecordComponents()) {
      var kind = component.getType();
      if (kind == EventHeader.class || EventFields.IN_THE_NAME.contains(kind)) {
        continue;
      }
      if (kind.isRecord() && kind != RawJson.class) {
        var group = kind.getSimpleName();
        text.append(
            "| [%s](#%s) | | its fields stand here |\n"
                .formatted(group, group.toLowerCase(java.util.Locale.ROOT)));
        continue;
      }
      text.append(
          "| `%s`%s | %s | %s |\n"
              .formatted(
                  EventFields.nameOf(component.getName()),
                  kind == Optional.class ? " ?" : "",
                  typeName(component),
                  words(doc, component.getName())));
    }
  }

  private static List<Class<?>> groups(List<AuditEvent> samples) {
    var groups = new LinkedHashMap<String, Class<?>>();
    for (var sample : samples) {
      for (var component : sample.getClass().getRecordComponents()) {
        var kind = component.getType();
        if (kind.isRecord() && kind != EventHeader.class && kind != RawJson.class) {
          groups.put(kind.getSimpleName(), kind);
        }
      }
    }
    return groups.values().stream()
        .sorted(java.util.Comparator.comparing(Class::getSimpleName))
        .toList();
  }

  private static String typeName(RecordComponent component) {
    var kind = component.getType();
    if (kind == Optional.class) {
      kind =
          (Class<?>) ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
    }
    if (kind.isEnum()) {
      var words = new ArrayList<String>();
      for (var constant : kind.getEnumConstants()) {
        words.add("`" + EventFields.spell((Enum<?>) constant) + "`");
      }
      return String.join(" ", words);
    }
    if (kind.isRecord() && kind != RawJson.class) {
      var group = kind.getSimpleName();
      return "object: [%s](#%s)".formatted(group, group.toLowerCase(java.util.Locale.ROOT));
    }
    return switch (kind.getSimpleName()) {
      case "String" -> "text";
      case "Instant" -> "time";
      case "boolean", "Boolean" -> "true or false";
      case "List" -> "list of texts";
      case "Map" -> "object of texts";
      case "RawJson" -> "JSON";
      default -> "number";
    };
  }

  private static String words(Doc doc, String component) {
    var usual = component.equals("serverId") ? "the host id of the agent" : "";
    return doc.components().getOrDefault(component, usual).replace("|", "\\|");
  }

  private Doc doc(Class<?> type) {
    return docs.getOrDefault(type.getSimpleName(), new Doc("", Map.of()));
  }

  private void read(List<String> lines) {
    var comment = new ArrayList<String>();
    for (var line : lines) {
      var bare = line.strip();
      var record = RECORD.matcher(line);
      if (bare.startsWith("///")) {
        comment.add(bare.substring(3).strip());
      } else if (record.find() && !comment.isEmpty()) {
        docs.put(record.group(1), doc(comment));
        comment.clear();
      } else if (!bare.startsWith("@")) {
        comment.clear();
      }
    }
  }

  private static Doc doc(List<String> comment) {
    var text = new StringBuilder();
    var components = new LinkedHashMap<String, String>();
    var at = "";
    for (var line : comment) {
      var param = PARAM.matcher(line);
      if (param.matches()) {
        at = param.group(1);
        components.put(at, param.group(2));
      } else if (at.isEmpty()) {
        text.append(text.isEmpty() || line.isEmpty() ? "" : " ").append(line);
      } else if (!line.isEmpty()) {
        components.merge(at, line, (a, b) -> a + " " + b);
      }
    }
    return new Doc(text.toString().replaceAll("\\[(?:\\w+)?#?(\\w+)\\]", "`$1`"), components);
  }
}
