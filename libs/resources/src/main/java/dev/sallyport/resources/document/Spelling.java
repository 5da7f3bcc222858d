package dev.sallyport.resources.document;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds what a misspelled word was meant to be.
public final class Spelling {
  private static final int MAX_LENGTH = 64;

  private Spelling() {}

  /// The known word nearest to the given one, if one is near enough to be meant.
  public static Optional<String> nearest(String word, Collection<String> known) {
    if (word.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return known.stream()
        .filter(candidate -> distance(word, candidate) <= Math.max(1, candidate.length() / 3))
        .min(Comparator.comparingInt(candidate -> distance(word, candidate)));
  }

  /// `, did you mean "x"?`, or nothing.
  public static String hint(String word, Collection<String> known) {
    return nearest(word, known).map(near -> ", did you mean \"" + near + "\"?").orElse("");
  }

  /// Levenshtein's, with a swap of neighbours counted once.
  private static int distance(String a, String b) {
    var twoBack = new int[b.length() + 1];
    var previous = new int[b.length() + 1];
    Arrays.setAll(previous, j -> j);
    for (int i = 1; i <= a.length(); i++) {
      var current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        var cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        current[j] =
            Math.min(Math.min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          current[j] = Math.min(current[j], twoBack[j - 2] + 1);
        }
      }
      twoBack = previous;
      previous = current;
    }
    return previous[b.length()];
  }
}
