package dev.sallyport.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// One page of the documents, as the things on it that a reader would copy.
///
/// @param name the file's name
/// @param text all of it
record DocumentPage(String name, String text) {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$");
  private static final Pattern INLINE =
      Pattern.compile("`((?:\\w+/)?(?:teleport|tctl|tsh) [^`]+)`");
  private static final Pattern PROGRAM = Pattern.compile("teleport|tctl|tsh");
  private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|\\$\\([^)]*\\)|\\S)+");

  static DocumentPage read(String name) throws IOException {
    return new DocumentPage(
        name, Files.readString(SourceTree.root().resolve("docs").resolve(name)));
  }

  /// The texts of its YAML blocks.
  List<String> yaml() {
    return blocks("yaml");
  }

  /// What a reader pastes into a shell, as words from the program's name on.
  List<List<String>> commands() {
    return blocks("").stream()
        .flatMap(block -> block.replaceAll("\\\\\\n\\s*", "").lines())
        .map(line -> command(line))
        .flatMap(Optional::stream)
        .toList();
  }

  /// Commands that a sentence names; their operands may be left to the reader.
  List<List<String>> mentions() {
    return INLINE
        .matcher(BLOCK.matcher(text).replaceAll("").replaceAll("\\s*\\n\\s*", " "))
        .results()
        .map(match -> command(plain(match.group(1))))
        .flatMap(Optional::stream)
        .toList();
  }

  /// What stands for something else, what may be left out, and the first of several.
  private static String plain(String usage) {
    return usage
        .replaceAll("<[^>]*>", "x")
        .replaceAll("[\\[\\]]", "")
        .replaceAll("(?<=\\S)\\\\?\\|\\S*", "");
  }

  private List<String> blocks(String language) {
    return BLOCK
        .matcher(text)
        .results()
        .filter(match -> match.group(1).equals(language))
        .map(match -> match.group(2))
        .toList();
  }

  /// A pipe, a redirection and a comment end it.
  private static Optional<List<String>> command(String line) {
    var words = new ArrayList<String>();
    for (var match : WORD.matcher(line).results().toList()) {
      var word = match.group();
      if (word.matches("[|>#;&].*|--")) {
        break;
      }
      if (words.isEmpty()) {
        // By whatever way it is called.
        word = word.substring(word.lastIndexOf('/') + 1);
      }
      if (!words.isEmpty() || !word.matches("\\$|sudo")) {
        words.add(word.matches("[^'\"]*(['\"]).*\\1") ? word.replaceAll("['\"]", "") : word);
      }
    }
    return words.isEmpty() || !PROGRAM.matcher(words.getFirst()).matches()
        ? Optional.empty()
        : Optional.of(List.copyOf(words));
  }
}
