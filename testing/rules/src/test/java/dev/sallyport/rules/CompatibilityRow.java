package dev.sallyport.rules;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One thing that Teleport has, and what became of it here.
///
/// @param where the title that it stands under, without its marks
/// @param item a flag with all its names (`-v, --verbose`), [#COMMAND], or words in Markdown
/// @param words what there is to say
/// @param tests classes, or class and method, that fail without it
record CompatibilityRow(String where, String item, State state, String words, List<String> tests) {
  /// Stands for the command of the title itself.
  static final String COMMAND = "the command";

  enum State {
    WORKS("works"),
    BETTER("works better"),
    NOT_HERE("not here");

    private final String words;

    State(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }

    private static Optional<State> parse(String text) {
      var wanted = text.toLowerCase(Locale.ROOT);
      return Arrays.stream(values())
          .filter(state -> state.words.equals(wanted) || state.words.endsWith(" " + wanted))
          .findFirst();
    }
  }

  CompatibilityRow {
    tests = List.copyOf(tests);
  }

  /// Reads `item | state | words | tests`; empty when the line is no row.
  static Optional<CompatibilityRow> parse(String where, String line) {
    var cells = line.split("(?<=\\s)\\|(?=\\s|$)", -1);
    if (line.startsWith("|") || cells.length < 2) {
      return Optional.empty();
    }
    var state = State.parse(cells[1].strip());
    if (state.isEmpty() || cells.length > 4) {
      throw new IllegalArgumentException(
          "expected: item | works, better or not here | words | tests, in: " + line);
    }
    var tests = cells.length < 4 ? "" : cells[3].strip();
    return Optional.of(
        new CompatibilityRow(
            where,
            cells[0].strip(),
            state.get(),
            cells.length < 3 ? "" : cells[2].strip(),
            tests.isEmpty() ? List.of() : List.of(tests.split(", *"))));
  }

  boolean isCommand() {
    return item.equals(COMMAND);
  }

  boolean isFlag() {
    return item.startsWith("-");
  }

  /// The names of a flag.
  List<String> names() {
    return List.of(item.split(", *"));
  }

  boolean claims() {
    return state != State.NOT_HERE;
  }

  String markdown() {
    var shown =
        isCommand() ? code(where) : isFlag() ? String.join(", ", code(names())) : escaped(item);
    var held =
        tests.isEmpty()
            ? claims() ? CompatibilityDocument.NOT_TESTED : ""
            : String.join(", ", code(tests));
    return "| %s | %s | %s | %s |\n".formatted(shown, state, escaped(words), held);
  }

  private static List<String> code(List<String> names) {
    return names.stream().map(CompatibilityRow::code).toList();
  }

  private static String code(String text) {
    return text.startsWith("`") ? text : "`" + text + "`";
  }

  private static String escaped(String text) {
    return text.replace("|", "\\|");
  }
}
