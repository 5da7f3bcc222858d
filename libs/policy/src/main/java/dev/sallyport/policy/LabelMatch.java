package dev.sallyport.policy;

import dev.sallyport.model.LabelSelector;
import dev.sallyport.model.Labels;
import java.util.List;
import java.util.Map;

/// Whether the labels of a database are those that a role asks for: every key by one of its values.
/// Nothing asked for chooses nothing; `*: *` chooses all.
///
/// Traits that a template brings in are taken as text when something is allowed, and as patterns
/// when something is denied, so that nobody widens their access by a claim like `*`.
final class LabelMatch {
  private static final String ANY = "*";

  private final Map<String, List<String>> traits;

  LabelMatch(Map<String, List<String>> traits) {
    this.traits = traits;
  }

  boolean allows(LabelSelector selector, Labels labels) {
    return matches(selector, labels, false);
  }

  /// What can't be read denies.
  boolean denies(LabelSelector selector, Labels labels) {
    return matches(selector, labels, true);
  }

  private boolean matches(LabelSelector selector, Labels labels, boolean deny) {
    if (selector.isEmpty()) {
      return false;
    }
    if (selector.values().getOrDefault(ANY, List.of()).contains(ANY)) {
      return true;
    }
    return selector.values().entrySet().stream()
        .allMatch(wanted -> keyMatches(wanted.getKey(), labels, deny, wanted.getValue()));
  }

  private boolean keyMatches(String key, Labels labels, boolean deny, List<String> values) {
    return switch (TraitTemplate.parse(key)) {
      case TraitTemplate.Plain(String text) -> labelMatches(text, labels, deny, values);
      case TraitTemplate.Trait trait ->
          trait.expand(traits).stream().anyMatch(name -> labelMatches(name, labels, deny, values));
      case TraitTemplate.Unreadable _ -> deny;
    };
  }

  private boolean labelMatches(String key, Labels labels, boolean deny, List<String> values) {
    var value = labels.values().get(key);
    return value != null && values.stream().anyMatch(wanted -> valueMatches(wanted, value, deny));
  }

  private boolean valueMatches(String wanted, String value, boolean deny) {
    return switch (TraitTemplate.parse(wanted)) {
      case TraitTemplate.Plain(String text) -> patternMatches(text, value, deny);
      case TraitTemplate.Trait trait ->
          trait.expand(traits).stream()
              .anyMatch(text -> text.equals(value) || (deny && patternMatches(text, value, true)));
      case TraitTemplate.Unreadable _ -> deny;
    };
  }

  private static boolean patternMatches(String text, String value, boolean deny) {
    var pattern = LabelPattern.parse(text);
    return pattern instanceof LabelPattern.Unreadable ? deny : pattern.matches(value);
  }
}
