package dev.sallyport.rules;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.DefaultCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.lang.model.type.DeclaredType;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Finds `default` in a switch over one of our sealed types. Needs types, hence the class path.
final class SealedSwitchRule {
  private SealedSwitchRule() {}

  static List<Breach> check(List<SourceFile> files) throws IOException {
    var breaches = new ArrayList<Breach>();
    var compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new DiagnosticCollector<JavaFileObject>();
    var options = List.of("-proc:none", "-classpath", System.getProperty("java.class.path", ""));
    var units = files.stream().map(SourceUnit::new).toList();
    var task = (JavacTask) compiler.getTask(null, null, problems, options, null, units);
    var trees = Trees.instance(task);
    var parsed = new ArrayList<CompilationUnitTree>();
    task.parse().forEach(parsed::add);
    var _ = task.analyze();
    for (var unit : parsed) {
      new Switches(trees, unit, breaches).scan(unit, null);
    }
    return breaches;
  }

  private static final class Switches extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final Trees trees;
    private final CompilationUnitTree unit;
    private final List<Breach> breaches;

    Switches(Trees trees, CompilationUnitTree unit, List<Breach> breaches) {
      this.trees = trees;
      this.unit = unit;
      this.breaches = breaches;
    }

    @Override
    public @Nullable Void visitSwitch(SwitchTree tree, @Nullable Void unused) {
      look(tree.getExpression(), tree.getCases());
      return super.visitSwitch(tree, null);
    }

    @Override
    public @Nullable Void visitSwitchExpression(SwitchExpressionTree tree, @Nullable Void unused) {
      look(tree.getExpression(), tree.getCases());
      return super.visitSwitchExpression(tree, null);
    }

    private void look(ExpressionTree selector, List<? extends CaseTree> cases) {
      var type = trees.getTypeMirror(new TreePath(getCurrentPath(), selector));
      if (!(type instanceof DeclaredType declared)
          || !declared.asElement().getModifiers().contains(Modifier.SEALED)
          || !declared.asElement().toString().startsWith("dev.sallyport.")) {
        return;
      }
      for (var one : cases) {
        if (one.getLabels().stream().anyMatch(DefaultCaseLabelTree.class::isInstance)) {
          var position = trees.getSourcePositions().getStartPosition(unit, one);
          breaches.add(
              new Breach(
                  SourceUnit.path(unit.getSourceFile()),
                  unit.getLineMap().getLineNumber(position),
                  "default hides a new kind of " + type + " from the compiler; name every case"));
        }
      }
    }
  }
}
