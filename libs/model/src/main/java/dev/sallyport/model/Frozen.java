package dev.sallyport.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Deep, unmodifiable copies; maps come out sorted, so that equal values print the same.
final class Frozen {
  private Frozen() {}

  static SortedMap<String, String> map(Map<String, String> source) {
    var copy = new TreeMap<String, String>();
    source.forEach((key, value) -> copy.put(key, text(value)));
    return Collections.unmodifiableSortedMap(copy);
  }

  static SortedMap<String, List<String>> lists(Map<String, List<String>> source) {
    var copy = new TreeMap<String, List<String>>();
    source.forEach((key, values) -> copy.put(key, List.copyOf(values)));
    return Collections.unmodifiableSortedMap(copy);
  }

  /// A copy of a JSON-like tree: text, numbers, true, false, lists and maps of these. Entries
  /// without a value are left out.
  static Map<String, Object> tree(Map<String, ?> source) {
    var copy = new LinkedHashMap<String, Object>();
    source.forEach((key, value) -> {
      var frozen = node(value);
      if (frozen != null) {
        copy.put(key, frozen);
      }
    });
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object node(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      case Boolean bool -> bool;
      case Number number -> number;
      case List<?> list -> nodes(list);
      case Map<?, ?> map -> {
        var named = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((key, inner) -> named.put(String.valueOf(key), inner));
        yield tree(named);
      }
      default ->
          throw new IllegalArgumentException("not a value of a document: " + value.getClass());
    };
  }

  private static List<Object> nodes(List<?> list) {
    var copy = new ArrayList<Object>();
    for (var element : list) {
      var frozen = node(element);
      if (frozen != null) {
        copy.add(frozen);
      }
    }
    return Collections.unmodifiableList(copy);
  }

  private static String text(@Nullable String value) {
    if (value == null) {
      throw new IllegalArgumentException("a value is missing");
    }
    return value;
  }
}
