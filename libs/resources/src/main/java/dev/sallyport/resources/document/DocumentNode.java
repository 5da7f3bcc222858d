package dev.sallyport.resources.document;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A part of a document.
public sealed interface DocumentNode {
  Position at();

  /// A single value as it was written. Plain text is what stands without quotes; only that can mean
  /// a number, true, false or nothing.
  record Text(Position at, String value, boolean plain) implements DocumentNode {
    /// Whether it stands for no value at all.
    public boolean isNothing() {
      return plain
          && switch (value) {
            case "", "~", "null", "Null", "NULL" -> true;
            default -> false;
          };
    }
  }

  /// A list.
  record Items(Position at, List<DocumentNode> values) implements DocumentNode {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// A map; keys come once, in the order of the text.
  record Entries(Position at, SequencedMap<String, Entry> values) implements DocumentNode {
    public Entries {
      values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    }
  }

  /// A key's place, and its value.
  record Entry(Position at, DocumentNode value) {}

  /// What to call this kind of part in a message.
  default String form() {
    return switch (this) {
      case Text text -> text.isNothing() ? "nothing" : "a value";
      case Items _ -> "a list";
      case Entries _ -> "a map";
    };
  }

  /// The part as plain values; nothing, in a list or map, is left out.
  static Object plainValue(DocumentNode node) {
    return switch (node) {
      case Text text -> PlainScalars.value(text);
      case Items items ->
          items.values().stream()
              .filter(DocumentNode::isSomething)
              .map(n -> plainValue(n))
              .toList();
      case Entries entries -> plainMap(entries);
    };
  }

  private static Map<String, Object> plainMap(Entries entries) {
    var map = new LinkedHashMap<String, Object>();
    entries
        .values()
        .forEach((key, entry) -> {
          if (isSomething(entry.value())) {
            map.put(key, plainValue(entry.value()));
          }
        });
    return map;
  }

  private static boolean isSomething(DocumentNode node) {
    return !(node instanceof Text text && text.isNothing());
  }
}
