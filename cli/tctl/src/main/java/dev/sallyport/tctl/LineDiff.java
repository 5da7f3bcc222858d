package dev.sallyport.tctl;

import java.util.ArrayList;
import java.util.List;

/// The difference of two texts by lines: `- ` what goes, `+ ` what comes, and two lines around.
final class LineDiff {
  private static final int AROUND = 2;

  /// Of longer texts no common lines are looked for.
  private static final int LINES_MAX = 3000;

  private LineDiff() {}

  static String of(String before, String after) {
    List<String> marked = marked(before.lines().toList(), after.lines().toList());
    var out = new StringBuilder();
    boolean gap = false;
    for (int i = 0; i < marked.size(); i++) {
      if (isNearChange(marked, i)) {
        if (gap && !out.isEmpty()) {
          out.append("  …\n");
        }
        gap = false;
        out.append(marked.get(i)).append('\n');
      } else {
        gap = true;
      }
    }
    return out.toString();
  }

  private static boolean isNearChange(List<String> marked, int at) {
    for (int i = Math.max(0, at - AROUND); i <= Math.min(marked.size() - 1, at + AROUND); i++) {
      if (!marked.get(i).startsWith("  ")) {
        return true;
      }
    }
    return false;
  }

  private static List<String> marked(List<String> before, List<String> after) {
    var marked = new ArrayList<String>();
    if (before.size() > LINES_MAX || after.size() > LINES_MAX) {
      before.forEach(line -> marked.add("- " + line));
      after.forEach(line -> marked.add("+ " + line));
      return marked;
    }
    int[][] common = common(before, after);
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        marked.add("  " + before.get(i));
        i++;
        j++;
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        marked.add("- " + before.get(i));
        i++;
      } else {
        marked.add("+ " + after.get(j));
        j++;
      }
    }
    return marked;
  }

  /// How many lines the rests from each pair of places have in common.
  private static int[][] common(List<String> before, List<String> after) {
    var common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
