package dev.sallyport.rules;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks the syntax tree of one file and writes down what the house does not want.
final class TreeRules extends TreePathScanner<@Nullable Void, @Nullable Void> {
  static final int MAX_METHOD_LINES = 70;
  static final int MAX_CONSTRUCTOR_PARAMETERS = 6;

  private static final Set<String> CLOCK_READS =
      Set.of(
          "Instant.now",
          "LocalDateTime.now",
          "ZonedDateTime.now",
          "OffsetDateTime.now",
          "LocalDate.now",
          "System.currentTimeMillis",
          "Clock.systemUTC",
          "Clock.systemDefaultZone");
  private static final Set<String> THREADS_RANDOM =
      Set.of("ThreadLocalRandom.current", "Math.random");
  private static final List<String> EMPTY_NAMES =
      List.of("Impl", "Manager", "Util", "Utils", "Helper");
  private static final Set<String> EMPTY_PACKAGES =
      Set.of("util", "utils", "common", "shared", "helper", "helpers");

  private final SourceFile file;
  private final CompilationUnitTree unit;
  private final SourcePositions positions;
  private final List<Breach> breaches;

  TreeRules(
      SourceFile file, CompilationUnitTree unit, SourcePositions positions, List<Breach> breaches) {
    this.file = file;
    this.unit = unit;
    this.positions = positions;
    this.breaches = breaches;
  }

  @Override
  public @Nullable Void visitPackage(PackageTree tree, @Nullable Void unused) {
    for (var part : tree.getPackageName().toString().split("\\.", -1)) {
      if (EMPTY_PACKAGES.contains(part)) {
        breach(tree, "package '" + part + "' takes in everything; name it after what it owns");
      }
    }
    return super.visitPackage(tree, null);
  }

  @Override
  public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
    var name = tree.getSimpleName().toString();
    for (var ending : EMPTY_NAMES) {
      if (name.endsWith(ending)) {
        breach(tree, name + ": '" + ending + "' says nothing; name the class after what it does");
      }
    }
    return super.visitClass(tree, null);
  }

  @Override
  public @Nullable Void visitMethod(MethodTree tree, @Nullable Void unused) {
    var lines = line(positions.getEndPosition(unit, tree)) - line(start(tree)) + 1;
    if (lines > MAX_METHOD_LINES) {
      breach(
          tree,
          tree.getName()
              + " has "
              + lines
              + " lines; a method has at most "
              + MAX_METHOD_LINES
              + ": give its steps names");
    }
    var parameters = tree.getParameters().size();
    if (tree.getReturnType() == null
        && parameters > MAX_CONSTRUCTOR_PARAMETERS
        && !insideRecord()) {
      breach(
          tree,
          "a constructor takes at most "
              + MAX_CONSTRUCTOR_PARAMETERS
              + " parameters, not "
              + parameters
              + "; put what belongs together into a record");
    }
    return super.visitMethod(tree, null);
  }

  @Override
  public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void unused) {
    var called = lastTwo(tree.getMethodSelect());
    if (tree.getArguments().isEmpty()
        && CLOCK_READS.contains(called)
        && file.inMain()
        && !file.wiring()) {
      breach(
          tree,
          called
              + "() cannot be tested; take a Clock or the instant as an argument (only *Main and"
              + " *Wiring* classes make a clock)");
    }
    if (THREADS_RANDOM.contains(called) && file.inMain() && !file.wiring()) {
      breach(
          tree,
          called
              + "() cannot be repeated by a test; take a RandomGenerator through the constructor");
    }
    if (called.equals("Thread.sleep")) {
      breach(
          tree,
          "Thread.sleep guesses; in tests await the condition, elsewhere schedule or wait on what"
              + " you wait for");
    }
    if (called.endsWith(".equals") && comparesSignature(tree)) {
      breach(
          tree,
          "equals on a signature tells by its time how much was right; use Secret or"
              + " MessageDigest.isEqual");
    }
    return super.visitMethodInvocation(tree, null);
  }

  @Override
  public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void unused) {
    var selected = lastTwo(tree);
    if ((selected.equals("System.out") || selected.equals("System.err"))
        && file.inMain()
        && !file.speaksToTerminal()
        && !file.wiring()) {
      breach(tree, selected + " is the command line's; log, or take the stream as an argument");
    }
    return super.visitMemberSelect(tree, null);
  }

  @Override
  public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void unused) {
    var name = tree.getAnnotationType().toString();
    if (name.equals("Disabled") || name.endsWith(".Disabled")) {
      breach(tree, "a disabled test protects nothing; mend it or delete it");
    }
    return super.visitAnnotation(tree, null);
  }

  private boolean insideRecord() {
    var parent = getCurrentPath().getParentPath().getLeaf();
    return parent.getKind() == Tree.Kind.RECORD;
  }

  private static boolean comparesSignature(MethodInvocationTree call) {
    if (call.getMethodSelect() instanceof MemberSelectTree select
        && namesSignature(select.getExpression())) {
      return true;
    }
    return call.getArguments().stream().anyMatch(TreeRules::namesSignature);
  }

  private static boolean namesSignature(ExpressionTree expression) {
    var name =
        switch (expression) {
          case IdentifierTree identifier -> identifier.getName().toString();
          case MemberSelectTree select -> select.getIdentifier().toString();
          case MethodInvocationTree call -> lastTwo(call.getMethodSelect());
          default -> "";
        };
    return name.toLowerCase(Locale.ROOT).endsWith("signature");
  }

  /// `Instant.now` for `java.time.Instant.now` and `Instant.now`; one name where there is one.
  private static String lastTwo(Tree tree) {
    if (!(tree instanceof MemberSelectTree select)) {
      return tree instanceof IdentifierTree identifier ? identifier.getName().toString() : "";
    }
    var owner =
        switch (select.getExpression()) {
          case IdentifierTree identifier -> identifier.getName().toString();
          case MemberSelectTree inner -> inner.getIdentifier().toString();
          default -> "";
        };
    return owner + "." + select.getIdentifier();
  }

  private void breach(Tree tree, String what) {
    breaches.add(new Breach(file.path(), line(start(tree)), what));
  }

  private long start(Tree tree) {
    return positions.getStartPosition(unit, tree);
  }

  private long line(long position) {
    return position < 0 ? 0 : unit.getLineMap().getLineNumber(position);
  }
}
