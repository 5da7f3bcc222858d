package dev.sallyport.policy.language;

/// A condition that has been read: `labels["env"] == "dev" && contains(user.spec.roles, "dev")`.
/// For any thread.
///
/// @param <S> what is judged
public final class Condition<S> {
  private final String source;
  private final Fact<S, Boolean> eval;

  private Condition(String source, Fact<S, Boolean> eval) {
    this.source = source;
    this.eval = eval;
  }

  /// @throws InvalidExpression with the place, when it can't be read or is no condition
  public static <S> Condition<S> parse(String source, Vocabulary<S> vocabulary)
      throws InvalidExpression {
    var term = ExpressionParser.parse(source, vocabulary).term();
    if (term instanceof Term.Flag<S>(Fact<S, Boolean> eval)) {
      return new Condition<>(source, eval);
    }
    throw new InvalidExpression(0, "%s (expected: a condition)".formatted(term.form()));
  }

  /// Whether it holds.
  ///
  /// @throws Undecided when that can't be said
  public boolean holds(S subject) throws Undecided {
    return eval.of(subject);
  }

  @Override
  public String toString() {
    return source;
  }
}
