package dev.sallyport.policy.language;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A part of an expression over a subject, with its type: what it comes to when it is evaluated.
///
/// @param <S> what is judged
sealed interface Term<S> {
  /// One text.
  ///
  /// @param constant its value if that is written in the expression
  record Text<S>(Fact<S, String> eval, Optional<String> constant) implements Term<S> {}

  /// A set of texts.
  record Texts<S>(Fact<S, List<String>> eval) implements Term<S> {}

  /// Yes or no.
  record Flag<S>(Fact<S, Boolean> eval) implements Term<S> {}

  /// Texts by key; a key that is not there reads as the empty text.
  record TextMap<S>(Fact<S, Map<String, String>> eval) implements Term<S> {}

  /// Sets of texts by key; a key that is not there reads as the empty set.
  record TextsMap<S>(Fact<S, Map<String, List<String>>> eval) implements Term<S> {}

  /// What to call its type in a message.
  default String form() {
    return switch (this) {
      case Text<S> _ -> "a text";
      case Texts<S> _ -> "a set of texts";
      case Flag<S> _ -> "a condition";
      case TextMap<S> _, TextsMap<S> _ -> "a map";
    };
  }
}
