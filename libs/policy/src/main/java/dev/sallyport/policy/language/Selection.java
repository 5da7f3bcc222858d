package dev.sallyport.policy.language;

import java.util.List;
import java.util.Set;

/// An expression that stands for a set of texts. For any thread.
///
/// @param <S> what is judged
final class Selection<S> {
  private final Fact<S, List<String>> eval;
  private final Set<String> names;

  private Selection(Fact<S, List<String>> eval, Set<String> names) {
    this.eval = eval;
    this.names = names;
  }

  static <S> Selection<S> parse(String source, Vocabulary<S> vocabulary) throws InvalidExpression {
    var parsed = ExpressionParser.parse(source, vocabulary);
    return switch (parsed.term()) {
      case Term.Texts<S>(Fact<S, List<String>> eval) -> new Selection<>(eval, parsed.names());
      case Term.Text<S> _, Term.Flag<S> _, Term.TextMap<S> _, Term.TextsMap<S> _ ->
          throw new InvalidExpression(
              0, "%s (expected: the values of a trait)".formatted(parsed.term().form()));
    };
  }

  List<String> of(S subject) throws Undecided {
    return eval.of(subject);
  }

  /// The names of the vocabulary that it uses.
  Set<String> names() {
    return names;
  }
}
