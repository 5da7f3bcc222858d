package dev.sallyport.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The Java files of the repository, with the part of the tree each belongs to.
final class SourceTree {
  private static final List<String> PARTS = List.of("libs", "services", "cli", "testing");

  private SourceTree() {}

  /// The nearest folder upwards that holds all parts.
  static Path root() {
    var here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      var candidate = folder;
      if (PARTS.stream().allMatch(part -> Files.isDirectory(candidate.resolve(part)))) {
        return candidate;
      }
    }
    throw new IllegalStateException("not inside the repository: " + here);
  }

  static List<SourceFile> all() throws IOException {
    var root = root();
    var found = new ArrayList<SourceFile>();
    for (var part : PARTS) {
      collect(root, root.resolve(part), found);
    }
    return List.copyOf(found);
  }

  private static void collect(Path root, Path folder, List<SourceFile> into) throws IOException {
    try (var entries = Files.newDirectoryStream(folder)) {
      for (var entry : entries) {
        var name = entry.getFileName().toString();
        if (Files.isDirectory(entry)) {
          if (!name.equals("target") && !name.equals("node_modules")) {
            collect(root, entry, into);
          }
        } else if (name.endsWith(".java")) {
          var path = root.relativize(entry).toString().replace('\\', '/');
          into.add(new SourceFile(path, Files.readString(entry)));
        }
      }
    }
  }
}
