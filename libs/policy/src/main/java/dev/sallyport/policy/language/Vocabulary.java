package dev.sallyport.policy.language;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The names that an expression may use, with their types and what they stand for. Built once;
/// afterwards for any thread.
///
/// @param <S> what is judged
public final class Vocabulary<S> {
  private final Map<String, Term<S>> names = new LinkedHashMap<>();
  private final Map<String, Set<String>> keys = new LinkedHashMap<>();
  private final Optional<Fact<S, Map<String, String>>> labels;
  private Optional<Fact<S, String>> searched = Optional.empty();

  private Vocabulary(Optional<Fact<S, Map<String, String>>> labels) {
    this.labels = labels;
  }

  /// Without anything.
  public static <S> Vocabulary<S> empty() {
    return new Vocabulary<>(Optional.empty());
  }

  /// With the name `labels`, and the function `labels_matching` over the same.
  public static <S> Vocabulary<S> withLabels(Fact<S, Map<String, String>> labels) {
    var vocabulary = new Vocabulary<S>(Optional.of(labels));
    vocabulary.names.put("labels", new Term.TextMap<>(labels));
    return vocabulary;
  }

  public Vocabulary<S> text(String name, Fact<S, String> eval) {
    names.put(name, new Term.Text<>(eval, Optional.empty()));
    return this;
  }

  public Vocabulary<S> texts(String name, Fact<S, List<String>> eval) {
    names.put(name, new Term.Texts<>(eval));
    return this;
  }

  public Vocabulary<S> textMap(String name, Fact<S, Map<String, String>> eval) {
    names.put(name, new Term.TextMap<>(eval));
    return this;
  }

  public Vocabulary<S> textsMap(String name, Fact<S, Map<String, List<String>>> eval) {
    names.put(name, new Term.TextsMap<>(eval));
    return this;
  }

  /// With the functions by which people look for things in lists: `search`, `exists`, `hasPrefix`
  /// and `split`. Roles have none of them.
  ///
  /// @param all that words are looked for in
  public Vocabulary<S> searchable(Fact<S, String> all) {
    searched = Optional.of(all);
    return this;
  }

  Optional<Fact<S, String>> searched() {
    return searched;
  }

  /// A map with these keys only.
  public Vocabulary<S> textsMap(
      String name, Set<String> onlyKeys, Fact<S, Map<String, List<String>>> eval) {
    keys.put(name, Set.copyOf(onlyKeys));
    return textsMap(name, eval);
  }

  Optional<Term<S>> find(String name) {
    return Optional.ofNullable(names.get(name));
  }

  /// Whether the map under that name can have the key.
  boolean allowsKey(String name, String key) {
    return Optional.ofNullable(keys.get(name)).map(known -> known.contains(key)).orElse(true);
  }

  Optional<Fact<S, Map<String, String>>> labels() {
    return labels;
  }

  Set<String> names() {
    return names.keySet();
  }
}
