package dev.sallyport.policy.language;

import dev.sallyport.model.Quoted;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An entry of a role that may stand for the values of a user's trait: `{{internal.db_users}}`,
/// `IAM_{{external.team}}_rw`, `{{email.local(external["a claim"])}}`, or plain text. For any
/// thread.
public sealed interface TraitTemplate {
  /// Text that stands for itself.
  record Plain(String text) implements TraitTemplate {}

  /// The values of an expression over traits, with what stands before and behind it.
  final class Trait implements TraitTemplate {
    private final String prefix;
    private final Selection<Map<String, List<String>>> values;
    private final String suffix;

    private Trait(String prefix, Selection<Map<String, List<String>>> values, String suffix) {
      this.prefix = prefix;
      this.values = values;
      this.suffix = suffix;
    }

    /// One text for each value; an empty value gives none.
    ///
    /// @throws Undecided when a value does not fit what is done with it
    public List<String> expand(Map<String, List<String>> traits) throws Undecided {
      return values.of(traits).stream()
          .filter(value -> !value.isEmpty())
          .map(value -> prefix + value + suffix)
          .toList();
    }

    /// Whether nothing in it comes from outside the cluster.
    public boolean internal() {
      return !values.names().contains(EXTERNAL);
    }
  }

  /// What looks like a template and is none that is known. It allows nothing; in a denial it is
  /// taken for everything.
  record Unreadable(String problem) implements TraitTemplate {}

  /// What comes from a sign-in service.
  String EXTERNAL = "external";

  /// The traits that the cluster keeps itself.
  Set<String> INTERNAL =
      Set.of(
          "logins",
          "windows_logins",
          "kubernetes_groups",
          "kubernetes_users",
          "db_names",
          "db_users",
          "db_roles",
          "aws_role_arns",
          "azure_identities",
          "gcp_service_accounts",
          "jwt",
          "github_orgs",
          "host_user_uid",
          "host_user_gid");

  /// The longest template, in characters.
  int MAX_LENGTH = 1_024;

  Vocabulary<Map<String, List<String>>> TRAITS =
      Vocabulary.<Map<String, List<String>>>empty()
          .textsMap("internal", INTERNAL, traits -> traits)
          .textsMap(EXTERNAL, traits -> traits);

  /// Reads an entry; anything can be read, if only as {@link Unreadable}.
  static TraitTemplate parse(String text) {
    var open = text.indexOf("{{");
    var close = text.lastIndexOf("}}");
    if (open < 0 && close < 0) {
      return new Plain(text);
    }
    if (text.length() > MAX_LENGTH || open < 0 || close < open + 2) {
      return new Unreadable(unknown(text));
    }
    var prefix = text.substring(0, open);
    var suffix = text.substring(close + 2);
    if (hasBraces(prefix) || hasBraces(suffix)) {
      return new Unreadable(unknown(text));
    }
    try {
      return new Trait(prefix, Selection.parse(text.substring(open + 2, close), TRAITS), suffix);
    } catch (InvalidExpression e) {
      return new Unreadable(problem(text, String.valueOf(e.getMessage())));
    }
  }

  private static String problem(String text, String problem) {
    var unsupported = problem.indexOf("unsupported variable");
    return unsupported >= 0
        ? problem.substring(unsupported)
        : unknown(text) + ": " + problem + " of what stands between the braces";
  }

  private static String unknown(String text) {
    return "%s is no template that is known (expected: like {{internal.db_users}})"
        .formatted(Quoted.of(text));
  }

  private static boolean hasBraces(String text) {
    return text.indexOf('{') >= 0 || text.indexOf('}') >= 0;
  }
}
