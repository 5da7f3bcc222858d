package dev.sallyport.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The tables that a PartiQL statement names, found by its words alone: after `FROM`, `INTO`, and a
/// leading `UPDATE`. This is no parser of PartiQL. What looks unusual makes the result incomplete,
/// never an error.
///
/// @param targets tables in the order of the text
/// @param complete whether every part of the text that could name a table was understood
record PartiqlStatement(List<Target> targets, boolean complete) {

  /// Longest statement that DynamoDB takes.
  static final int LENGTH_MAX = 8192;

  private static final Set<String> VERBS = Set.of("SELECT", "INSERT", "UPDATE", "DELETE", "EXISTS");

  /// What may follow a table. Anything else could be an alias, after which another table may come.
  private static final Set<String> CLAUSES =
      Set.of("WHERE", "ORDER", "SET", "REMOVE", "VALUE", "RETURNING");

  private static final PartiqlStatement NOT_UNDERSTOOD = new PartiqlStatement(List.of(), false);

  /// A table as the statement names it.
  ///
  /// @param table name or ARN
  /// @param index after a dot, if there is one
  record Target(String table, Optional<String> index) {}

  /// A word, name or sign of the text.
  ///
  /// @param quoted whether it stood in double quotes, so that it is a name and no keyword
  private record Token(String text, boolean name, boolean quoted) {
    boolean is(String keyword) {
      return name && !quoted && text.equalsIgnoreCase(keyword);
    }

    boolean isSign(char sign) {
      return !name && text.length() == 1 && text.charAt(0) == sign;
    }
  }

  /// Copies the list.
  PartiqlStatement {
    targets = List.copyOf(targets);
  }

  /// Reads a statement; never throws.
  static PartiqlStatement read(String text) {
    if (text.length() > LENGTH_MAX) {
      return NOT_UNDERSTOOD;
    }
    Optional<List<Token>> split = new Lexer(text).tokens();
    if (split.isEmpty() || split.get().isEmpty()) {
      return NOT_UNDERSTOOD;
    }
    List<Token> tokens = split.get();
    Token first = tokens.getFirst();
    boolean complete =
        first.name() && !first.quoted() && VERBS.contains(first.text().toUpperCase(Locale.ROOT));
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < tokens.size(); i++) {
      Token token = tokens.get(i);
      if (token.is("FROM") || token.is("INTO") || (i == 0 && token.is("UPDATE"))) {
        Optional<Target> target = target(tokens, i + 1);
        target.ifPresent(targets::add);
        complete &= target.isPresent() && endsAsExpected(tokens, i + 1);
      } else if (token.is("JOIN")) {
        complete = false;
      }
    }
    return new PartiqlStatement(targets, complete && !targets.isEmpty());
  }

  private static Optional<Target> target(List<Token> tokens, int at) {
    if (at >= tokens.size() || !tokens.get(at).name()) {
      return Optional.empty();
    }
    String table = tokens.get(at).text();
    if (at + 2 < tokens.size() && tokens.get(at + 1).isSign('.') && tokens.get(at + 2).name()) {
      return Optional.of(new Target(table, Optional.of(tokens.get(at + 2).text())));
    }
    return Optional.of(new Target(table, Optional.empty()));
  }

  /// After a table come a clause, a closing bracket or the end, but no second table.
  private static boolean endsAsExpected(List<Token> tokens, int at) {
    int next = at + 1;
    if (next < tokens.size() && tokens.get(next).isSign('.')) {
      next += 2;
    }
    if (next >= tokens.size()) {
      return true;
    }
    Token after = tokens.get(next);
    boolean clause =
        after.name() && !after.quoted() && CLAUSES.contains(after.text().toUpperCase(Locale.ROOT));
    return clause || after.isSign(')') || after.isSign(';');
  }

  /// Splits the text. Literals in single quotes are dropped, names lose their double quotes,
  /// comments vanish.
  private static final class Lexer {
    private final String text;
    private int at;

    Lexer(String text) {
      this.text = text;
    }

    /// Empty when a quote or comment does not end, or a sign of Ion literals is met.
    Optional<List<Token>> tokens() {
      List<Token> tokens = new ArrayList<>();
      while (at < text.length()) {
        char c = text.charAt(at);
        if (Character.isWhitespace(c)) {
          at++;
        } else if (c == '`') {
          return Optional.empty();
        } else if (c == '\'' || c == '"') {
          Optional<String> inside = quoted(c);
          if (inside.isEmpty()) {
            return Optional.empty();
          }
          boolean name = c == '"';
          tokens.add(new Token(name ? inside.get() : "''", name, name));
        } else if (text.startsWith("--", at)) {
          int end = text.indexOf('\n', at);
          at = end < 0 ? text.length() : end + 1;
        } else if (text.startsWith("/*", at)) {
          int end = text.indexOf("*/", at + 2);
          if (end < 0) {
            return Optional.empty();
          }
          at = end + 2;
        } else if (isWordCharacter(c)) {
          tokens.add(new Token(word(), true, false));
        } else {
          tokens.add(new Token(String.valueOf(c), false, false));
          at++;
        }
      }
      return Optional.of(tokens);
    }

    private String word() {
      int from = at;
      while (at < text.length() && isWordCharacter(text.charAt(at))) {
        at++;
      }
      return text.substring(from, at);
    }

    private Optional<String> quoted(char quote) {
      StringBuilder inside = new StringBuilder();
      at++;
      while (at < text.length()) {
        char c = text.charAt(at++);
        if (c != quote) {
          inside.append(c);
        } else if (at < text.length() && text.charAt(at) == quote) {
          inside.append(quote);
          at++;
        } else {
          return Optional.of(inside.toString());
        }
      }
      return Optional.empty();
    }

    private static boolean isWordCharacter(char c) {
      return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }
  }
}
