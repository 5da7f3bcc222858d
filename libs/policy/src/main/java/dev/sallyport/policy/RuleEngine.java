package dev.sallyport.policy;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Rule;
import java.util.List;
import java.util.Set;

/// Decides what may be done with resources by the rules of roles: a rule that denies wins, then one
/// that allows is needed. A rule with a `where` condition never allows and always denies, since
/// conditions are not evaluated.
///
/// Reading without secrets is part of reading: who may read may do that, and who is denied either
/// of the two is denied both.
public final class RuleEngine {
  private static final String ANY = "*";
  private static final String CONNECTORS = "auth_connector";
  private static final Set<String> CONNECTOR_KINDS = Set.of("github", "oidc", "saml");

  private RuleEngine() {}

  public static boolean allows(RoleSet roles, Kind kind, Verb verb) {
    return allows(roles, kind.wireName(), verb);
  }

  /// @param resource the kind as rules spell it; also of things without a document, such as `event`
  public static boolean allows(RoleSet roles, String resource, Verb verb) {
    if (!roles.missing().isEmpty()) {
      return false;
    }
    var denied =
        roles.effective().stream()
            .flatMap(role -> role.deny().rules().stream())
            .anyMatch(rule -> names(rule, resource) && hits(rule.verbs(), verb, true));
    return !denied
        && roles.effective().stream()
            .flatMap(role -> role.allow().rules().stream())
            .filter(rule -> rule.where().isEmpty())
            .anyMatch(rule -> names(rule, resource) && hits(rule.verbs(), verb, false));
  }

  /// What to answer when it is not allowed.
  public static String refusal(String resource, Verb verb) {
    return "access denied to perform action \"%s\" on \"%s\"".formatted(verb.wireName(), resource);
  }

  private static boolean names(Rule rule, String resource) {
    var resources = rule.resources();
    return resources.contains(ANY)
        || resources.contains(resource)
        || (resources.contains(CONNECTORS) && CONNECTOR_KINDS.contains(resource));
  }

  private static boolean hits(List<String> verbs, Verb verb, boolean deny) {
    return verbs.contains(ANY)
        || verbs.contains(verb.wireName())
        || (verb == Verb.READ_NO_SECRETS && verbs.contains(Verb.READ.wireName()))
        || (deny && verb == Verb.READ && verbs.contains(Verb.READ_NO_SECRETS.wireName()));
  }
}
