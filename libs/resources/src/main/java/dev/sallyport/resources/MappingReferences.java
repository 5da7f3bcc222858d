package dev.sallyport.resources;

import com.google.re2j.Pattern;
import dev.sallyport.model.Quoted;
import java.util.Optional;
import java.util.Set;

/// The groups that a value of a connector's mapping finds, and what its roles say of them: `$1` or
/// `${1}` is the first, `${team}` the one that is named so, `$$` a dollar. In a value with stars
/// each star is a group; in a plain text there is none.
///
/// @param count how many groups there are
/// @param names of those that have one
record MappingReferences(int count, Set<String> names) {
  private static final java.util.regex.Pattern REFERENCE =
      java.util.regex.Pattern.compile("\\$(?:\\$|(\\w+)|\\{(\\w+)})");

  static MappingReferences ofExpression(Pattern pattern) {
    return new MappingReferences(pattern.groupCount(), pattern.namedGroups().keySet());
  }

  static MappingReferences ofText(String value) {
    return new MappingReferences((int) value.chars().filter(c -> c == '*').count(), Set.of());
  }

  /// What is wrong with a role, if anything is.
  ///
  /// @param field what the value is called
  Optional<String> problem(String role, String field, String value) {
    var references = REFERENCE.matcher(role);
    while (references.find()) {
      var name = Optional.ofNullable(references.group(1)).or(() -> braced(references));
      if (name.isPresent() && !names.contains(name.get()) && !counts(name.get())) {
        return Optional.of(
            "%s in %s stands for no group: %s %s has %s (write %s, or $$ for a dollar)"
                .formatted(
                    Quoted.of(references.group()),
                    Quoted.of(role),
                    field,
                    Quoted.of(value),
                    count == 0 ? "none" : Integer.toString(count),
                    advice(name.get())));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> braced(java.util.regex.Matcher reference) {
    return Optional.ofNullable(reference.group(2));
  }

  /// Whether it is the number of a group; 0 is the whole value.
  private boolean counts(String name) {
    return name.matches("[0-9]{1,4}") && Integer.parseInt(name) <= count;
  }

  /// A number runs on into the letters behind it: `$1_dev` asks for a group of the name `1_dev`.
  private String advice(String name) {
    if (count == 0) {
      return "an expression with a group, such as ^dev-(.*)$";
    }
    return name.matches("[0-9]+[A-Za-z_]\\w*")
        ? "${%s}%s".formatted(name.replaceAll("\\D.*", ""), name.replaceAll("^[0-9]+", ""))
        : count == 1 ? "${1}" : "${1} to ${%d}".formatted(count);
  }
}
