package dev.sallyport.rules;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/// The rules that can be read from the sources alone.
final class SourceRules {
  static final int MAX_FILE_LINES = 500;

  private static final Pattern LEFT_UNDONE =
      Pattern.compile("\\b(" + "FIX" + "ME|TO" + "DO|XX" + "X)\\b");

  private SourceRules() {}

  static List<Breach> check(List<SourceFile> files) throws IOException {
    var breaches = new ArrayList<Breach>();
    for (var file : files) {
      lines(file, breaches);
    }
    packageInfo(files, breaches);
    trees(files, breaches);
    return breaches;
  }

  private static void lines(SourceFile file, List<Breach> breaches) {
    var lines = file.text().lines().toList();
    if (lines.size() > MAX_FILE_LINES) {
      breaches.add(
          new Breach(
              file.path(),
              lines.size(),
              "a file has at most " + MAX_FILE_LINES + " lines; give a second idea its own file"));
    }
    for (int i = 0; i < lines.size(); i++) {
      var mark = LEFT_UNDONE.matcher(lines.get(i));
      if (mark.find()) {
        breaches.add(
            new Breach(
                file.path(),
                i + 1,
                mark.group() + " is nobody's plan; do it now or open an issue"));
      }
    }
  }

  private static void packageInfo(List<SourceFile> files, List<Breach> breaches) {
    var missing = new TreeSet<String>();
    for (var file : files) {
      if (file.inMain()) {
        missing.add(file.folder());
      }
    }
    for (var file : files) {
      if (file.fileName().equals("package-info.java") && file.text().contains("@NullMarked")) {
        missing.remove(file.folder());
      }
    }
    for (var folder : missing) {
      breaches.add(
          new Breach(
              folder,
              0,
              "a package says what it owns, and is null-checked, by a package-info.java with"
                  + " @NullMarked"));
    }
  }

  private static void trees(List<SourceFile> files, List<Breach> breaches) throws IOException {
    var byPath = files.stream().collect(Collectors.toMap(SourceFile::path, file -> file));
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    var units = files.stream().map(SourceUnit::new).toList();
    var task =
        (JavacTask) compiler.getTask(null, null, problems, List.of("-proc:none"), null, units);
    var positions = Trees.instance(task).getSourcePositions();
    for (CompilationUnitTree tree : task.parse()) {
      var file = byPath.get(SourceUnit.path(tree.getSourceFile()));
      new TreeRules(Objects.requireNonNull(file), tree, positions, breaches).scan(tree, null);
    }
  }
}
