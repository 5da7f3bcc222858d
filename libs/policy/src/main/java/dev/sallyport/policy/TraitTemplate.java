package dev.sallyport.policy;

import dev.sallyport.model.Quoted;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An entry of a role that may stand for the values of a user's trait: `{{internal.db_users}}`,
/// `IAM_{{external.team}}_rw`, `{{external["a claim"]}}`, or plain text.
sealed interface TraitTemplate {
  /// Text that stands for itself.
  record Plain(String text) implements TraitTemplate {}

  /// A trait with what stands before and behind it.
  record Trait(String prefix, boolean internal, String name, String suffix)
      implements TraitTemplate {
    List<String> expand(Map<String, List<String>> traits) {
      return traits.getOrDefault(name, List.of()).stream()
          .filter(value -> !value.isEmpty())
          .map(value -> prefix + value + suffix)
          .toList();
    }
  }

  /// What looks like a template and is none that is known. It allows nothing; in a denial it is
  /// taken for everything.
  record Unreadable(String problem) implements TraitTemplate {}

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

  int MAX_LENGTH = 1_024;

  Pattern FORM =
      Pattern.compile(
          "([^{}]*)\\{\\{\\s*(internal|external)"
              + "(?:\\.([A-Za-z0-9_-]+)|\\[\"([^\"{}]+)\"])\\s*}}([^{}]*)");

  static TraitTemplate parse(String text) {
    if (!text.contains("{{") && !text.contains("}}")) {
      return new Plain(text);
    }
    var form = FORM.matcher(text);
    if (text.length() > MAX_LENGTH || !form.matches()) {
      return new Unreadable(
          "%s is no template that is known (expected: like {{internal.db_users}})"
              .formatted(Quoted.of(text)));
    }
    var name = Optional.ofNullable(form.group(3)).or(() -> Optional.ofNullable(form.group(4)));
    var internal = "internal".equals(form.group(2));
    if (internal && !INTERNAL.contains(name.orElse(""))) {
      return new Unreadable("unsupported variable %s".formatted(Quoted.of(name.orElse(""))));
    }
    return new Trait(group(form, 1), internal, name.orElse(""), group(form, 5));
  }

  private static String group(Matcher form, int group) {
    return Optional.ofNullable(form.group(group)).orElse("");
  }
}
