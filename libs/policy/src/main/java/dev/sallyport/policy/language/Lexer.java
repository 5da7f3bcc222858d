package dev.sallyport.policy.language;

import dev.sallyport.model.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts an expression into tokens. A name may hold dots and dashes, as `user.spec.traits` and
/// `external.my-claim` do; a text stands in double quotes, where `\"`, `\\`, `\n` and `\t` mean
/// what they do everywhere, or in backquotes, where every character stands for itself.
final class Lexer {
  /// The longest expression, in characters.
  static final int MAX_LENGTH = 4_096;

  private static final List<String> SIGNS =
      List.of("&&", "||", "==", "!=", "!", "(", ")", "[", "]", ",");

  private final String source;
  private int at;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String source) throws InvalidExpression {
    if (source.length() > MAX_LENGTH) {
      throw new InvalidExpression(
          MAX_LENGTH,
          "the expression has %d characters (at most %d)".formatted(source.length(), MAX_LENGTH));
    }
    return new Lexer(source).all();
  }

  private List<Token> all() throws InvalidExpression {
    var tokens = new ArrayList<Token>();
    skipBlanks();
    while (at < source.length()) {
      tokens.add(next());
      skipBlanks();
    }
    tokens.add(new Token(Token.Kind.END, source.length(), ""));
    return tokens;
  }

  private void skipBlanks() {
    while (at < source.length() && " \t\r\n".indexOf(source.charAt(at)) >= 0) {
      at++;
    }
  }

  private Token next() throws InvalidExpression {
    var start = at;
    var c = source.charAt(at);
    if (startsName(c)) {
      while (at < source.length() && continuesName(source.charAt(at))) {
        at++;
      }
      return new Token(Token.Kind.NAME, start, source.substring(start, at));
    }
    if (c == '"') {
      return new Token(Token.Kind.TEXT, start, quoted());
    }
    if (c == '`') {
      return new Token(Token.Kind.TEXT, start, raw());
    }
    var sign = sign();
    if (sign.isEmpty()) {
      throw new InvalidExpression(
          start, "%s is not expected here".formatted(Quoted.of(String.valueOf(c))));
    }
    at += sign.get().length();
    return new Token(Token.Kind.SIGN, start, sign.get());
  }

  private Optional<String> sign() {
    return SIGNS.stream().filter(sign -> source.startsWith(sign, at)).findFirst();
  }

  private String quoted() throws InvalidExpression {
    var start = at++;
    var text = new StringBuilder();
    while (at < source.length()) {
      var c = source.charAt(at++);
      if (c == '"') {
        return text.toString();
      }
      text.append(c == '\\' ? escaped() : c);
    }
    throw new InvalidExpression(start, "the text does not end (a \" is missing)");
  }

  private char escaped() throws InvalidExpression {
    var c = at < source.length() ? source.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\' -> c;
      case 'n' -> '\n';
      case 't' -> '\t';
      default ->
          throw new InvalidExpression(
              at - 1, "only \\\", \\\\, \\n and \\t may follow a backslash (or use backquotes)");
    };
  }

  private String raw() throws InvalidExpression {
    var end = source.indexOf('`', at + 1);
    if (end < 0) {
      throw new InvalidExpression(at, "the text does not end (a ` is missing)");
    }
    var text = source.substring(at + 1, end);
    at = end + 1;
    return text;
  }

  private static boolean startsName(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean continuesName(char c) {
    return startsName(c) || (c >= '0' && c <= '9') || c == '.' || c == '-';
  }
}
