package dev.sallyport.policy.language;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.sallyport.model.Quoted;
import java.util.Optional;

/// One value that a role asks a label to have. Matching takes time that is linear in the label's
/// length, whatever the pattern is; it always has to match the whole label.
public sealed interface LabelPattern {
  boolean matches(String value);

  /// `*`: any value.
  record Any() implements LabelPattern {
    @Override
    public boolean matches(String value) {
      return true;
    }
  }

  /// Text that stands for itself.
  record Exact(String text) implements LabelPattern {
    @Override
    public boolean matches(String value) {
      return text.equals(value);
    }
  }

  /// Text in which `*` stands for any text, also none.
  record Glob(String glob) implements LabelPattern {
    @Override
    public boolean matches(String value) {
      int inGlob = 0;
      int inValue = 0;
      int lastStar = -1;
      int resume = 0;
      while (inValue < value.length()) {
        if (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
          lastStar = inGlob++;
          resume = inValue;
        } else if (inGlob < glob.length() && glob.charAt(inGlob) == value.charAt(inValue)) {
          inGlob++;
          inValue++;
        } else if (lastStar >= 0) {
          inGlob = lastStar + 1;
          inValue = ++resume;
        } else {
          return false;
        }
      }
      while (inGlob < glob.length() && glob.charAt(inGlob) == '*') {
        inGlob++;
      }
      return inGlob == glob.length();
    }
  }

  /// `^…$`: a regular expression of RE2's kind.
  record Regex(Pattern pattern) implements LabelPattern {
    @Override
    public boolean matches(String value) {
      return pattern.matches(value);
    }
  }

  /// A regular expression that can't be used.
  record Unreadable(String problem) implements LabelPattern {
    @Override
    public boolean matches(String value) {
      return false;
    }
  }

  /// The longest regular expression, in characters.
  int MAX_REGEX = 512;

  /// The most that counted repetitions, multiplied, may ask for.
  int MAX_REPEAT = 1_000;

  static LabelPattern parse(String text) {
    if (text.equals("*")) {
      return new Any();
    }
    if (text.length() > 1 && text.startsWith("^") && text.endsWith("$")) {
      return regex(text);
    }
    return text.contains("*") ? new Glob(text) : new Exact(text);
  }

  private static LabelPattern regex(String text) {
    var problem = tooLarge(text);
    if (problem.isPresent()) {
      return new Unreadable(problem.get());
    }
    try {
      return new Regex(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      return new Unreadable(
          "could not parse the regular expression %s: %s"
              .formatted(Quoted.of(text), e.getDescription()));
    }
  }

  /// What is wrong with the size of a regular expression, if anything is.
  static Optional<String> tooLarge(String text) {
    if (text.length() > MAX_REGEX) {
      return Optional.of(
          "the regular expression %s has %d characters (at most %d)"
              .formatted(Quoted.of(text), text.length(), MAX_REGEX));
    }
    if (repeats(text) > MAX_REPEAT) {
      return Optional.of(
          "the regular expression %s repeats too much (at most %d times in all)"
              .formatted(Quoted.of(text), MAX_REPEAT));
    }
    return Optional.empty();
  }

  /// The product of all numbers in braces, which bounds how large the compiled form can grow.
  private static long repeats(String text) {
    long product = 1;
    long number = 0;
    long largest = 0;
    boolean inBraces = false;
    for (int i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '{') {
        inBraces = true;
        number = 0;
        largest = 0;
      } else if (c == '}') {
        product = Math.min(Long.MAX_VALUE / MAX_REGEX, product * Math.max(1, largest));
        inBraces = false;
      } else if (inBraces && c >= '0' && c <= '9') {
        number = Math.min(MAX_REPEAT + 1L, number * 10 + (c - '0'));
        largest = Math.max(largest, number);
      } else {
        number = 0;
      }
      if (product > MAX_REPEAT) {
        return product;
      }
    }
    return product;
  }
}
