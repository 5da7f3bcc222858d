package dev.sallyport.policy.language;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sallyport.model.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Replaces what a regular expression finds in a text. A text in which it finds nothing is dropped.
/// Written `^…$` the expression has to match the whole text. `$1` or `${1}` stands for what the
/// first group found, `$$` for a dollar.
sealed interface Replacement {
  /// The longest result, in characters.
  int MAX_RESULT = 4_096;

  /// What begins with a dollar, whether or not it means something.
  java.util.regex.Pattern DOLLAR =
      java.util.regex.Pattern.compile("\\$(?:\\$|[0-9]{1,2}|\\{[0-9]{1,2}}|)");

  /// The changed text, or nothing if the expression does not match.
  Optional<String> apply(String text) throws Undecided;

  /// It can be used.
  record Ready(Pattern pattern, List<Piece> pieces) implements Replacement {
    @Override
    public Optional<String> apply(String text) throws Undecided {
      if (text.length() > MAX_RESULT) {
        throw new Undecided("a text is longer than %d characters".formatted(MAX_RESULT));
      }
      var matcher = pattern.matcher(text);
      var result = new StringBuilder();
      int copied = 0;
      boolean found = false;
      while (matcher.find()) {
        found = true;
        result.append(text, copied, matcher.start());
        for (var piece : pieces) {
          result.append(piece.of(matcher));
          if (result.length() > MAX_RESULT) {
            throw new Undecided("a result is longer than %d characters".formatted(MAX_RESULT));
          }
        }
        copied = matcher.end();
      }
      return found
          ? Optional.of(result.append(text.substring(copied)).toString())
          : Optional.empty();
    }
  }

  /// It can't be read.
  record Unreadable(String problem) implements Replacement {
    @Override
    public Optional<String> apply(String text) {
      return Optional.empty();
    }
  }

  /// A part of what is put in.
  ///
  /// @param group the number of a group, or -1 for the text itself
  record Piece(int group, String text) {
    String of(Matcher matcher) {
      if (group < 0) {
        return text;
      }
      return Optional.ofNullable(matcher.group(group)).orElse("");
    }
  }

  static Replacement of(String regex, String with) {
    var problem = LabelPattern.tooLarge(regex);
    if (problem.isPresent()) {
      return new Unreadable(problem.get());
    }
    try {
      return ready(Pattern.compile(whole(regex)), with);
    } catch (PatternSyntaxException e) {
      return new Unreadable(
          "could not parse the regular expression %s: %s"
              .formatted(Quoted.of(regex), e.getDescription()));
    }
  }

  /// What is written for a whole text is held to it, also where a flag inside makes `$` the end of
  /// a line, or an alternative drops one of the two.
  private static String whole(String regex) {
    return regex.length() > 1 && regex.startsWith("^") && regex.endsWith("$")
        ? "\\A(?:" + regex + ")\\z"
        : regex;
  }

  private static Replacement ready(Pattern pattern, String with) {
    var pieces = new ArrayList<Piece>();
    var signs = DOLLAR.matcher(with);
    int copied = 0;
    while (signs.find()) {
      pieces.add(new Piece(-1, with.substring(copied, signs.start())));
      copied = signs.end();
      var sign = signs.group();
      if (sign.equals("$$")) {
        pieces.add(new Piece(-1, "$"));
        continue;
      }
      var digits = sign.replaceAll("[^0-9]", "");
      var group = digits.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(digits);
      if (group > pattern.groupCount()) {
        return new Unreadable(
            "%s in the replacement %s stands for no group (write $$ for a dollar)"
                .formatted(Quoted.of(sign), Quoted.of(with)));
      }
      pieces.add(new Piece(group, ""));
    }
    pieces.add(new Piece(-1, with.substring(copied)));
    return new Ready(pattern, pieces);
  }
}
