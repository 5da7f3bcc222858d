package dev.sallyport.policy.language;

import dev.sallyport.model.Quoted;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One call of a function in an expression. A text may stand where a set is wanted.
final class Functions<S> {
  private final Vocabulary<S> vocabulary;
  private final Token name;
  private final List<Argument<S>> arguments;

  Functions(Vocabulary<S> vocabulary, Token name, List<Argument<S>> arguments) {
    this.vocabulary = vocabulary;
    this.name = name;
    this.arguments = arguments;
  }

  Term<S> call() throws InvalidExpression {
    return switch (name.text()) {
      case "equals" -> {
        count(2);
        yield ExpressionParser.same(arguments.get(0).term(), arguments.get(1).term(), name.at());
      }
      case "contains" -> contains();
      case "contains_any" -> containsAny();
      case "contains_all" -> containsAll();
      case "set", "union" -> union();
      case "strings.upper" -> mapped(text -> text.toUpperCase(Locale.ROOT));
      case "strings.lower" -> mapped(text -> text.toLowerCase(Locale.ROOT));
      case "email.local" -> mapped(Functions::local);
      case "regexp.match" -> match();
      case "regexp.replace" -> replace();
      case "labels_matching" -> labelsMatching();
      default -> listing();
    };
  }

  /// What only those may call who look for something in a list.
  private Term<S> listing() throws InvalidExpression {
    var searched = vocabulary.searched();
    if (searched.isEmpty()) {
      throw unknown();
    }
    return switch (name.text()) {
      case "search" -> search(searched.get());
      case "exists" -> {
        count(1);
        var text = text(0);
        yield new Term.Flag<>(subject -> !text.of(subject).isEmpty());
      }
      case "hasPrefix" -> {
        count(2);
        var text = text(0);
        var prefix = text(1);
        yield new Term.Flag<>(subject -> text.of(subject).startsWith(prefix.of(subject)));
      }
      case "split" -> {
        count(2);
        var text = text(0);
        var mark = constant(1);
        if (mark.isEmpty()) {
          throw new InvalidExpression(arguments.get(1).at(), "split: the mark is empty");
        }
        yield new Term.Texts<>(
            subject -> List.of(text.of(subject).split(java.util.regex.Pattern.quote(mark), -1)));
      }
      default -> throw unknown();
    };
  }

  private Term<S> search(Fact<S, String> searched) throws InvalidExpression {
    var words = new ArrayList<Fact<S, String>>();
    for (int i = 0; i < arguments.size(); i++) {
      words.add(text(i));
    }
    return new Term.Flag<>(subject -> {
      var all = searched.of(subject).toLowerCase(Locale.ROOT);
      for (var word : words) {
        if (!all.contains(word.of(subject).toLowerCase(Locale.ROOT))) {
          return false;
        }
      }
      return true;
    });
  }

  private InvalidExpression unknown() {
    return new InvalidExpression(
        name.at(), "unknown function %s".formatted(Quoted.of(name.text())));
  }

  private Term<S> contains() throws InvalidExpression {
    count(2);
    var set = texts(0);
    var text = text(1);
    return new Term.Flag<>(subject -> set.of(subject).contains(text.of(subject)));
  }

  private Term<S> containsAny() throws InvalidExpression {
    count(2);
    var set = texts(0);
    var wanted = texts(1);
    return new Term.Flag<>(subject -> {
      var has = set.of(subject);
      return wanted.of(subject).stream().anyMatch(has::contains);
    });
  }

  /// Nothing wanted is never contained, so that a missing trait opens nothing.
  private Term<S> containsAll() throws InvalidExpression {
    count(2);
    var set = texts(0);
    var wanted = texts(1);
    return new Term.Flag<>(subject -> {
      var items = wanted.of(subject);
      return !items.isEmpty() && set.of(subject).containsAll(items);
    });
  }

  private Term<S> union() throws InvalidExpression {
    var parts = new ArrayList<Fact<S, List<String>>>();
    for (int i = 0; i < arguments.size(); i++) {
      parts.add(texts(i));
    }
    return new Term.Texts<>(subject -> {
      var all = new LinkedHashSet<String>();
      for (var part : parts) {
        all.addAll(part.of(subject));
      }
      return List.copyOf(all);
    });
  }

  private Term<S> mapped(Fact<String, String> change) throws InvalidExpression {
    count(1);
    if (arguments.getFirst().term() instanceof Term.Text<S>(var text, var _)) {
      return new Term.Text<>(subject -> change.of(text.of(subject)), Optional.empty());
    }
    var set = texts(0);
    return new Term.Texts<>(subject -> {
      var changed = new LinkedHashSet<String>();
      for (var text : set.of(subject)) {
        changed.add(change.of(text));
      }
      return List.copyOf(changed);
    });
  }

  private static String local(String address) throws Undecided {
    var sign = address.indexOf('@');
    if (sign < 1 || sign != address.lastIndexOf('@') || sign == address.length() - 1) {
      throw new Undecided("%s is not an e-mail address".formatted(Quoted.of(address)));
    }
    return address.substring(0, sign);
  }

  private Term<S> match() throws InvalidExpression {
    count(2);
    var set = texts(0);
    var pattern = pattern(1);
    return new Term.Flag<>(subject -> set.of(subject).stream().anyMatch(pattern::matches));
  }

  private Term<S> replace() throws InvalidExpression {
    count(3);
    var set = texts(0);
    var replacement = Replacement.of(constant(1), constant(2));
    if (replacement instanceof Replacement.Unreadable(String problem)) {
      throw new InvalidExpression(arguments.get(1).at(), problem);
    }
    return new Term.Texts<>(subject -> {
      var changed = new LinkedHashSet<String>();
      for (var text : set.of(subject)) {
        replacement.apply(text).ifPresent(changed::add);
      }
      return List.copyOf(changed);
    });
  }

  private Term<S> labelsMatching() throws InvalidExpression {
    count(1);
    var pattern = pattern(0);
    var labels =
        vocabulary
            .labels()
            .orElseThrow(() ->
                new InvalidExpression(name.at(), "labels_matching: there are no labels here"));
    return new Term.Texts<>(subject ->
        labels.of(subject).entrySet().stream()
            .filter(label -> pattern.matches(label.getKey()))
            .map(label -> label.getValue())
            .distinct()
            .toList());
  }

  private LabelPattern pattern(int index) throws InvalidExpression {
    var pattern = LabelPattern.parse(constant(index));
    if (pattern instanceof LabelPattern.Unreadable(String problem)) {
      throw new InvalidExpression(arguments.get(index).at(), problem);
    }
    return pattern;
  }

  /// A pattern must stand in the expression, where a reviewer sees it.
  private String constant(int index) throws InvalidExpression {
    if (arguments.get(index).term() instanceof Term.Text<S> text && text.constant().isPresent()) {
      return text.constant().get();
    }
    throw wrong(index, "a text in quotes");
  }

  private Fact<S, String> text(int index) throws InvalidExpression {
    if (arguments.get(index).term() instanceof Term.Text<S> text) {
      return text.eval();
    }
    throw wrong(index, "a text");
  }

  private Fact<S, List<String>> texts(int index) throws InvalidExpression {
    return switch (arguments.get(index).term()) {
      case Term.Texts<S>(var eval) -> eval;
      case Term.Text<S>(var eval, var _) -> subject -> List.of(eval.of(subject));
      case Term.Flag<S> _, Term.TextMap<S> _, Term.TextsMap<S> _ ->
          throw wrong(index, "a set of texts");
    };
  }

  private InvalidExpression wrong(int index, String wanted) {
    var argument = arguments.get(index);
    return new InvalidExpression(
        argument.at(),
        "%s: argument %d is %s (expected: %s)"
            .formatted(name.text(), index + 1, argument.term().form(), wanted));
  }

  private void count(int wanted) throws InvalidExpression {
    if (arguments.size() != wanted) {
      throw new InvalidExpression(
          name.at(),
          "%s: %d arguments (expected: %d)".formatted(name.text(), arguments.size(), wanted));
    }
  }
}
