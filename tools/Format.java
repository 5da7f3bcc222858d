import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Formats the tree: `Format check|apply FOLDER...`.
///
/// Both modes name the files that differ; `check` leaves them alone and ends with status 1.
final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    var apply =
        switch (args[0]) {
          case "apply" -> true;
          case "check" -> false;
          default -> throw new IllegalArgumentException("check or apply, not " + args[0]);
        };
    var sources = new ArrayList<Path>();
    for (var folder : Arrays.asList(args).subList(1, args.length)) {
      collect(Path.of(folder), sources);
    }
    var differing = sources.parallelStream().filter(file -> differs(file, apply)).sorted().toList();
    differing.forEach(
        file -> System.out.println((apply ? "formatted: " : "not formatted: ") + file));
    if (!apply && !differing.isEmpty()) {
      System.out.println(differing.size() + " of " + sources.size() + " files: run ./dev fmt");
      System.exit(1);
    }
  }

  private static void collect(Path folder, List<Path> into) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Files.isDirectory(entry)) {
          if (!name.equals("target") && !name.equals("node_modules")) {
            collect(entry, into);
          }
        } else if (name.endsWith(".java")) {
          into.add(entry);
        }
      }
    }
  }

  private static boolean differs(Path file, boolean apply) {
    try {
      var before = Files.readString(file);
      var after = new Formatter().formatSourceAndFixImports(before);
      if (after.equals(before)) {
        return false;
      }
      if (apply) {
        Files.writeString(file, after);
      }
      return true;
    } catch (FormatterException e) {
      // A file that does not parse is the compiler's to report, with a better message.
      System.out.println("cannot parse: " + file + ": " + e.getMessage());
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }
}
