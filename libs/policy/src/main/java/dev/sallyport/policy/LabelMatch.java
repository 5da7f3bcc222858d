package dev.sallyport.policy;

import dev.sallyport.model.LabelSelector;
import dev.sallyport.policy.language.LabelPattern;
import dev.sallyport.policy.language.TraitTemplate;
import dev.sallyport.policy.language.Undecided;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The labels that one side of a role asks for, read once: every key by one of its values. Nothing
/// asked for chooses nothing; `*: *` chooses all.
///
/// Traits that a template brings in are taken as text when something is allowed, and as patterns
/// when something is denied, so that nobody widens their access by a claim like `*`.
///
/// What costs least is looked at first, keys and values alike: in which order they are asked
/// changes no answer, and most roles of a user say no by a word that is not the label's.
final class LabelMatch {
  private static final String ANY = "*";

  private final boolean all;
  private final List<Wanted> wanted;
  private final boolean deny;

  /// @param deny whether the side denies: then what can't be read matches
  LabelMatch(LabelSelector selector, boolean deny) {
    this.all = selector.values().getOrDefault(ANY, List.of()).contains(ANY);
    this.wanted =
        selector.values().entrySet().stream()
            .map(entry ->
                new Wanted(
                    TraitTemplate.parse(entry.getKey()),
                    entry.getValue().stream()
                        .map(Value::of)
                        .sorted(Comparator.comparingInt(Value::cost))
                        .toList()))
            .sorted(Comparator.comparingInt(Wanted::cost))
            .toList();
    this.deny = deny;
  }

  /// @param values the cheapest first
  private record Wanted(TraitTemplate key, List<Value> values) {
    /// What it takes to say no: all values are looked at.
    int cost() {
      var dearest = values.isEmpty() ? 0 : values.getLast().cost();
      return key instanceof TraitTemplate.Plain ? dearest : dearest + Value.BY_TRAIT;
    }
  }

  private record Value(TraitTemplate template, LabelPattern pattern) {
    private static final LabelPattern NONE = new LabelPattern.Unreadable("");

    /// By rough measure: comparing texts, following a glob, reading traits, running an expression.
    static final int BY_TRAIT = 2;

    int cost() {
      if (!(template instanceof TraitTemplate.Plain)) {
        return BY_TRAIT;
      }
      return switch (pattern) {
        case LabelPattern.Any _, LabelPattern.Exact _, LabelPattern.Unreadable _ -> 0;
        case LabelPattern.Glob _ -> 1;
        case LabelPattern.Regex _ -> BY_TRAIT + 1;
      };
    }

    static Value of(String text) {
      var template = TraitTemplate.parse(text);
      return new Value(
          template, template instanceof TraitTemplate.Plain ? LabelPattern.parse(text) : NONE);
    }
  }

  boolean asksForNothing() {
    return wanted.isEmpty();
  }

  boolean matches(Map<String, String> labels, Map<String, List<String>> traits) {
    if (all || wanted.isEmpty()) {
      return all;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!keyMatches(wanted.get(i), labels, traits)) {
        return false;
      }
    }
    return true;
  }

  private boolean keyMatches(
      Wanted one, Map<String, String> labels, Map<String, List<String>> traits) {
    return switch (one.key()) {
      case TraitTemplate.Plain(String text) -> labelMatches(text, one.values(), labels, traits);
      case TraitTemplate.Trait trait -> {
        try {
          yield trait.expand(traits).stream()
              .anyMatch(name -> labelMatches(name, one.values(), labels, traits));
        } catch (Undecided e) {
          yield deny;
        }
      }
      case TraitTemplate.Unreadable _ -> deny;
    };
  }

  private boolean labelMatches(
      String key,
      List<Value> values,
      Map<String, String> labels,
      Map<String, List<String>> traits) {
    var label = labels.get(key);
    if (label == null) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      if (valueMatches(values.get(i), label, traits)) {
        return true;
      }
    }
    return false;
  }

  private boolean valueMatches(Value value, String label, Map<String, List<String>> traits) {
    return switch (value.template()) {
      case TraitTemplate.Plain _ -> patternMatches(value.pattern(), label);
      case TraitTemplate.Trait trait -> {
        try {
          yield trait.expand(traits).stream()
              .anyMatch(text ->
                  text.equals(label) || (deny && patternMatches(LabelPattern.parse(text), label)));
        } catch (Undecided e) {
          yield deny;
        }
      }
      case TraitTemplate.Unreadable _ -> deny;
    };
  }

  private boolean patternMatches(LabelPattern pattern, String label) {
    return pattern instanceof LabelPattern.Unreadable ? deny : pattern.matches(label);
  }
}
