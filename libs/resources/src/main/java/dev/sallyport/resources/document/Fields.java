package dev.sallyport.resources.document;

import dev.sallyport.model.Durations;
import dev.sallyport.model.Quoted;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of one map, taken one by one by name. Who is done calls {@link #finish()}, which
/// refuses every key that nobody asked for. A field that is wrong becomes a fault and reads as
/// absent. For one thread.
public final class Fields {
  private final DocumentNode.@Nullable Entries entries;
  private final Position at;
  private final String path;
  private final Faults faults;
  private final Set<String> known = new LinkedHashSet<>();

  private Fields(DocumentNode.@Nullable Entries entries, Position at, String path, Faults faults) {
    this.entries = entries;
    this.at = at;
    this.path = path;
    this.faults = faults;
  }

  /// The fields of a part of a document; it is a fault if that is not a map.
  public static Fields of(DocumentNode node, String path, Faults faults) {
    if (node instanceof DocumentNode.Entries entries) {
      return new Fields(entries, node.at(), path, faults);
    }
    if (!(node instanceof DocumentNode.Text text && text.isNothing())) {
      faults.add(node.at(), path, "%s (expected: a map)".formatted(node.form()));
    }
    return new Fields(null, node.at(), path, faults);
  }

  public Position at() {
    return at;
  }

  public String path() {
    return path;
  }

  public Faults faults() {
    return faults;
  }

  /// The path of a field of this map, or of one further in: `aws.region`.
  public String pathOf(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  /// Where a field stands, or as near to it as there is something.
  public Position placeOf(String field) {
    var dot = field.indexOf('.');
    var entry = entry(dot < 0 ? field : field.substring(0, dot));
    if (entry == null) {
      return at;
    }
    if (dot > 0 && entry.value() instanceof DocumentNode.Entries inner) {
      var further = new Fields(inner, entry.at(), path, faults).placeOf(field.substring(dot + 1));
      return further.equals(Position.NONE) ? entry.at() : further;
    }
    return entry.at();
  }

  public void fault(String field, String message) {
    faults.add(placeOf(field), pathOf(field), message);
  }

  public void warn(String field, String message) {
    faults.warn(placeOf(field), pathOf(field), message);
  }

  /// Whether the field is there with a value.
  public boolean has(String field) {
    return node(field).isPresent();
  }

  /// The part under that name, unless there is none or it stands for nothing.
  public Optional<DocumentNode> node(String field) {
    known.add(field);
    return Optional.ofNullable(entry(field))
        .map(DocumentNode.Entry::value)
        .filter(node -> !(node instanceof DocumentNode.Text text && text.isNothing()));
  }

  public Optional<String> text(String field) {
    return node(field).flatMap(node -> textOf(node, pathOf(field)));
  }

  /// A text that must be there and not be empty; a fault, and empty, otherwise.
  public String requiredText(String field) {
    var before = faults.count();
    var text = text(field).orElse("");
    if (text.isEmpty() && faults.count() == before) {
      fault(field, "is missing");
    }
    return text;
  }

  public boolean flag(String field, boolean otherwise) {
    var text = text(field);
    if (text.isEmpty()) {
      return otherwise;
    }
    var flag = PlainScalars.flag(text.get());
    if (flag.isEmpty()) {
      fault(field, "%s (expected: yes or no)".formatted(Quoted.of(text.get())));
    }
    return flag.orElse(otherwise);
  }

  public Optional<Duration> duration(String field) {
    return text(field)
        .flatMap(text -> {
          try {
            return Optional.of(Durations.parse(text));
          } catch (IllegalArgumentException e) {
            fault(field, String.valueOf(e.getMessage()));
            return Optional.empty();
          }
        });
  }

  public Optional<Instant> instant(String field) {
    return text(field)
        .flatMap(text -> {
          try {
            return Optional.of(OffsetDateTime.parse(text).toInstant());
          } catch (DateTimeException e) {
            fault(
                field,
                "%s (expected: a time like 2030-01-01T00:00:00Z)".formatted(Quoted.of(text)));
            return Optional.empty();
          }
        });
  }

  /// A list of texts; a single text stands for a list of one.
  public List<String> texts(String field) {
    return node(field).map(node -> textsOf(node, pathOf(field))).orElse(List.of());
  }

  /// The parts of a list.
  public List<DocumentNode> items(String field) {
    var node = node(field);
    if (node.isEmpty()) {
      return List.of();
    }
    if (node.get() instanceof DocumentNode.Items items) {
      return items.values();
    }
    fault(field, "%s (expected: a list)".formatted(node.get().form()));
    return List.of();
  }

  /// The maps in a list.
  public List<Fields> objects(String field) {
    var items = items(field);
    var objects = new ArrayList<Fields>();
    for (int i = 0; i < items.size(); i++) {
      objects.add(of(items.get(i), "%s[%d]".formatted(pathOf(field), i), faults));
    }
    return objects;
  }

  /// The map under that name; without fields if there is none.
  public Fields object(String field) {
    return node(field)
        .map(node -> of(node, pathOf(field), faults))
        .orElseGet(() -> new Fields(null, placeOf(field), pathOf(field), faults));
  }

  /// The maps in a map, by key.
  public Map<String, Fields> objectMap(String field) {
    var map = new LinkedHashMap<String, Fields>();
    node(field)
        .map(node -> of(node, pathOf(field), faults))
        .ifPresent(fields ->
            fields.forEach(
                (key, value) -> map.put(key, of(value, fields.pathOf(printable(key)), faults))));
    return map;
  }

  /// A map of texts.
  public Map<String, String> textMap(String field) {
    var map = new LinkedHashMap<String, String>();
    node(field)
        .map(node -> of(node, pathOf(field), faults))
        .ifPresent(fields ->
            fields.forEach((key, value) -> {
              if (value instanceof DocumentNode.Text text && text.isNothing()) {
                map.put(key, "");
              } else {
                textOf(value, fields.pathOf(key)).ifPresent(text -> map.put(key, text));
              }
            }));
    return map;
  }

  /// A map of lists of texts; a single text stands for a list of one.
  public Map<String, List<String>> textsMap(String field) {
    var map = new LinkedHashMap<String, List<String>>();
    node(field)
        .map(node -> of(node, pathOf(field), faults))
        .ifPresent(fields ->
            fields.forEach((key, value) -> map.put(key, textsOf(value, fields.pathOf(key)))));
    return map;
  }

  /// Takes those of the fields that are there, whatever they hold, as plain values.
  public Map<String, Object> kept(Collection<String> names) {
    var map = new LinkedHashMap<String, Object>();
    for (var name : names) {
      node(name).ifPresent(node -> map.put(name, DocumentNode.plainValue(node)));
    }
    return map;
  }

  /// Says that the fields may be there and are not looked at.
  public void ignore(String... names) {
    known.addAll(List.of(names));
  }

  /// Those of the fields that are there.
  public List<String> present(Collection<String> names) {
    return names.stream().filter(this::has).toList();
  }

  /// Makes a fault of each key that nobody asked for.
  public void finish() {
    if (entries == null) {
      return;
    }
    entries
        .values()
        .forEach((key, entry) -> {
          if (!known.contains(key)) {
            faults.add(
                entry.at(), pathOf(printable(key)), "unknown key" + Spelling.hint(key, known));
          }
        });
  }

  private static String printable(String key) {
    var quoted = Quoted.of(key);
    return quoted.equals("\"" + key + "\"") ? key : quoted;
  }

  private interface EachField {
    void accept(String key, DocumentNode value);
  }

  private void forEach(EachField action) {
    if (entries != null) {
      entries.values().forEach((key, entry) -> action.accept(key, entry.value()));
    }
  }

  private DocumentNode.@Nullable Entry entry(String field) {
    return entries == null ? null : entries.values().get(field);
  }

  private Optional<String> textOf(DocumentNode node, String where) {
    if (node instanceof DocumentNode.Text text) {
      return Optional.of(text.value());
    }
    faults.add(node.at(), where, "%s (expected: a text)".formatted(node.form()));
    return Optional.empty();
  }

  private List<String> textsOf(DocumentNode node, String where) {
    return switch (node) {
      case DocumentNode.Text text -> text.isNothing() ? List.of() : List.of(text.value());
      case DocumentNode.Items items -> {
        var texts = new ArrayList<String>();
        for (int i = 0; i < items.values().size(); i++) {
          textOf(items.values().get(i), "%s[%d]".formatted(where, i)).ifPresent(texts::add);
        }
        yield texts;
      }
      case DocumentNode.Entries _ -> {
        faults.add(node.at(), where, "a map (expected: a text or a list of texts)");
        yield List.of();
      }
    };
  }
}
