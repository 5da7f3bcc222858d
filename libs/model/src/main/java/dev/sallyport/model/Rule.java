package dev.sallyport.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Which verbs a role gives, or denies, on which kinds of resources.
///
/// @param where a further condition in the predicate language
/// @param actions kept for the document's sake; they do nothing
public record Rule(
    List<String> resources, List<String> verbs, Optional<String> where, List<String> actions) {
  public Rule {
    resources = List.copyOf(resources);
    verbs = List.copyOf(verbs);
    Objects.requireNonNull(where, "where");
    actions = List.copyOf(actions);
  }

  public Rule(List<String> resources, List<String> verbs, Optional<String> where) {
    this(resources, verbs, where, List.of());
  }

  public static Rule of(List<String> resources, List<String> verbs) {
    return new Rule(resources, verbs, Optional.empty());
  }
}
