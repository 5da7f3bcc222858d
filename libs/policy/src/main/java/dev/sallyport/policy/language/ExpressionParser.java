package dev.sallyport.policy.language;

import dev.sallyport.model.Quoted;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Reads an expression and checks its types.
///
/// ```
/// or      = and { "||" and }
/// and     = not { "&&" not }
/// not     = "!" not | equal
/// equal   = primary [ ("==" | "!=") primary ]
/// primary = "(" or ")" | text | "true" | "false" | name | name "(" [ or { "," or } ] ")"
///         | name "[" text "]"
/// ```
///
/// Length and nesting are bounded, so neither reading nor evaluating can be made to take long.
final class ExpressionParser<S> {
  /// How deep parentheses, calls and negations may nest.
  static final int MAX_DEPTH = 32;

  /// What was read, and which names of the vocabulary are in it.
  record Parsed<S>(Term<S> term, Set<String> names) {}

  private final List<Token> tokens;
  private final Vocabulary<S> vocabulary;
  private final Set<String> names = new HashSet<>();
  private int next;
  private int depth;

  private ExpressionParser(List<Token> tokens, Vocabulary<S> vocabulary) {
    this.tokens = tokens;
    this.vocabulary = vocabulary;
  }

  static <S> Parsed<S> parse(String source, Vocabulary<S> vocabulary) throws InvalidExpression {
    var parser = new ExpressionParser<S>(Lexer.tokens(source), vocabulary);
    var term = parser.or();
    if (parser.peek().kind() != Token.Kind.END) {
      throw parser.unexpected(parser.peek());
    }
    return new Parsed<>(term, Set.copyOf(parser.names));
  }

  private Term<S> or() throws InvalidExpression {
    var at = peek().at();
    var term = and();
    while (peek().is("||")) {
      next++;
      var left = flag(term, at);
      var right = flag(and(), at);
      term = new Term.Flag<>(subject -> left.of(subject) || right.of(subject));
    }
    return term;
  }

  private Term<S> and() throws InvalidExpression {
    var at = peek().at();
    var term = not();
    while (peek().is("&&")) {
      next++;
      var left = flag(term, at);
      var right = flag(not(), at);
      term = new Term.Flag<>(subject -> left.of(subject) && right.of(subject));
    }
    return term;
  }

  private Term<S> not() throws InvalidExpression {
    if (!peek().is("!")) {
      return equal();
    }
    enter(take());
    var at = peek().at();
    var inner = flag(not(), at);
    depth--;
    return new Term.Flag<>(subject -> !inner.of(subject));
  }

  private Term<S> equal() throws InvalidExpression {
    var left = primary();
    var sign = peek();
    if (!sign.is("==") && !sign.is("!=")) {
      return left;
    }
    next++;
    var same = same(left, primary(), sign.at());
    return sign.is("==") ? same : negated(same);
  }

  private static <S> Term<S> negated(Term.Flag<S> flag) {
    return new Term.Flag<>(subject -> !flag.eval().of(subject));
  }

  /// Whether two terms come to the same.
  static <S> Term.Flag<S> same(Term<S> left, Term<S> right, int at) throws InvalidExpression {
    if (left instanceof Term.Text<S> a && right instanceof Term.Text<S> b) {
      return new Term.Flag<>(subject -> a.eval().of(subject).equals(b.eval().of(subject)));
    }
    if (left instanceof Term.Flag<S> a && right instanceof Term.Flag<S> b) {
      return new Term.Flag<>(subject -> Objects.equals(a.eval().of(subject), b.eval().of(subject)));
    }
    throw new InvalidExpression(
        at,
        "%s can't be compared with %s (contains(set, text) asks whether a set has a text)"
            .formatted(left.form(), right.form()));
  }

  private Term<S> primary() throws InvalidExpression {
    var token = take();
    return switch (token.kind()) {
      case TEXT -> new Term.Text<>(_ -> token.text(), Optional.of(token.text()));
      case NAME -> named(token);
      case SIGN -> {
        if (!token.is("(")) {
          throw unexpected(token);
        }
        enter(token);
        var inner = or();
        expect(")");
        depth--;
        yield inner;
      }
      case END -> throw unexpected(token);
    };
  }

  private Term<S> named(Token name) throws InvalidExpression {
    if (peek().is("(")) {
      return call(name);
    }
    if (name.text().equals("true") || name.text().equals("false")) {
      var value = name.text().equals("true");
      return new Term.Flag<>(_ -> value);
    }
    var whole = vocabulary.find(name.text());
    if (whole.isPresent()) {
      names.add(name.text());
      return peek().is("[") ? indexed(name, whole.get()) : whole.get();
    }
    var dot = name.text().lastIndexOf('.');
    var map = dot < 0 ? "" : name.text().substring(0, dot);
    var inner = vocabulary.find(map);
    if (inner.isEmpty() || dot == name.text().length() - 1) {
      throw new InvalidExpression(
          name.at(),
          "unknown name %s (known: %s)"
              .formatted(
                  Quoted.of(name.text()), String.join(", ", new ArrayList<>(vocabulary.names()))));
    }
    names.add(map);
    return entry(map, inner.get(), name.text().substring(dot + 1), name.at());
  }

  private Term<S> indexed(Token name, Term<S> map) throws InvalidExpression {
    next++;
    var key = take();
    if (key.kind() != Token.Kind.TEXT) {
      throw new InvalidExpression(key.at(), "a key must be written as a text in quotes");
    }
    expect("]");
    return entry(name.text(), map, key.text(), name.at());
  }

  private Term<S> entry(String name, Term<S> term, String key, int at) throws InvalidExpression {
    if (!vocabulary.allowsKey(name, key)) {
      throw new InvalidExpression(at, "unsupported variable " + Quoted.of(key));
    }
    return switch (term) {
      case Term.TextMap<S>(var map) ->
          new Term.Text<>(subject -> map.of(subject).getOrDefault(key, ""), Optional.empty());
      case Term.TextsMap<S>(var map) ->
          new Term.Texts<>(subject -> written(map.of(subject).getOrDefault(key, List.of())));
      case Term.Text<S> _, Term.Texts<S> _, Term.Flag<S> _ ->
          throw new InvalidExpression(
              at, "%s is %s, it has no keys".formatted(Quoted.of(name), term.form()));
    };
  }

  /// Empty values of a trait are none: else one would be equal to a label that is not there.
  private static List<String> written(List<String> values) {
    return values.contains("")
        ? values.stream().filter(value -> !value.isEmpty()).toList()
        : values;
  }

  private Term<S> call(Token name) throws InvalidExpression {
    enter(take());
    var arguments = new ArrayList<Argument<S>>();
    while (!peek().is(")")) {
      if (!arguments.isEmpty()) {
        expect(",");
      }
      var at = peek().at();
      arguments.add(new Argument<>(or(), at));
    }
    next++;
    depth--;
    return new Functions<>(vocabulary, name, arguments).call();
  }

  private Fact<S, Boolean> flag(Term<S> term, int at) throws InvalidExpression {
    if (term instanceof Term.Flag<S>(var eval)) {
      return eval;
    }
    throw new InvalidExpression(at, "%s (expected: a condition)".formatted(term.form()));
  }

  private void enter(Token token) throws InvalidExpression {
    if (++depth > MAX_DEPTH) {
      throw new InvalidExpression(token.at(), "nested more than %d deep".formatted(MAX_DEPTH));
    }
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token take() {
    var token = tokens.get(next);
    if (token.kind() != Token.Kind.END) {
      next++;
    }
    return token;
  }

  private void expect(String sign) throws InvalidExpression {
    var token = take();
    if (!token.is(sign)) {
      throw new InvalidExpression(
          token.at(), "%s (expected: %s)".formatted(shown(token), Quoted.of(sign)));
    }
  }

  private InvalidExpression unexpected(Token token) {
    return new InvalidExpression(token.at(), shown(token) + " is not expected here");
  }

  private static String shown(Token token) {
    return token.kind() == Token.Kind.END ? "the end" : Quoted.of(token.text());
  }
}
