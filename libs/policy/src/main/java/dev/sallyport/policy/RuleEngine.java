package dev.sallyport.policy;

import dev.sallyport.model.Rule;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.policy.language.Condition;
import dev.sallyport.policy.language.InvalidExpression;
import dev.sallyport.policy.language.Undecided;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Decides what may be done with resources by the rules of roles: a rule that denies wins, then one
/// that allows is needed. Inside a role the more specific rule is looked at first.
///
/// A condition that can't be read or evaluated counts as a denial: it ends the search. One that
/// asks for the resource, while only the kind is known, allows nothing and denies.
///
/// Reading without secrets is part of reading: who may read may do that, and who is denied either
/// of the two is denied both. A condition is asked with the roles and traits of the certificate and
/// with those that the user has now: both must allow.
public final class RuleEngine {
  private static final String ANY = "*";
  private static final String CONNECTORS = "auth_connector";
  private static final Set<String> CONNECTOR_KINDS = Set.of("github", "oidc", "saml");

  /// What everybody may do who has a role at all: know how the cluster is set up.
  private static final List<Rule> IMPLICIT =
      List.of(
          Rule.of(List.of("cert_authority"), List.of("list", "readnosecrets")),
          Rule.of(List.of("cluster_auth_preference", "cluster_name"), List.of("list", "read")));

  private RuleEngine() {}

  /// Whether the user may do that.
  ///
  /// @param roles the user's effective ones
  public static boolean allows(RoleSet roles, UserIdentity user, Verb verb, RuleTarget target) {
    return roles.views(user).stream()
        .allMatch(view -> new Search(view, verb, target, false).run(roles));
  }

  /// Whether there may be a resource of the kind for which {@link #allows} says yes: what a list
  /// asks before it asks for each entry. It alone never allows anything.
  public static boolean allowsSome(RoleSet roles, UserIdentity user, Verb verb, String kind) {
    var target = RuleTarget.ofKind(kind);
    return roles.views(user).stream()
        .allMatch(view -> new Search(view, verb, target, true).run(roles));
  }

  /// What to answer when it is not allowed.
  public static String refusal(String kind, Verb verb) {
    return "access denied to perform action \"%s\" on \"%s\"".formatted(verb.wireName(), kind);
  }

  /// How special a rule is.
  static int specificity(Rule rule) {
    int score = 0;
    if (rule.where().isPresent() || !rule.actions().isEmpty()) {
      score += 8;
    }
    score += rule.resources().contains(ANY) ? -4 : 2;
    return rule.verbs().contains(ANY) ? score - 2 : score;
  }

  /// @param hopeful whether a condition that asks for an unknown resource is taken the good way
  private record Search(UserIdentity user, Verb verb, RuleTarget target, boolean hopeful) {
    private enum Hit {
      YES,
      NO,
      FAILED
    }

    boolean run(RoleSet roles) {
      if (!roles.missing().isEmpty() || roles.effective().isEmpty()) {
        return false;
      }
      for (var role : roles.effective()) {
        if (first(role.deny().rules(), true) != Hit.NO) {
          return false;
        }
      }
      for (var role : roles.effective()) {
        var hit = first(role.allow().rules(), false);
        if (hit != Hit.NO) {
          return hit == Hit.YES;
        }
      }
      return first(IMPLICIT, false) == Hit.YES;
    }

    private Hit first(List<Rule> rules, boolean deny) {
      return rules.stream()
          .filter(rule -> names(rule) && hits(rule.verbs(), deny))
          .sorted(Comparator.comparingInt(RuleEngine::specificity).reversed())
          .map(rule -> condition(rule, deny))
          .filter(hit -> hit != Hit.NO)
          .findFirst()
          .orElse(Hit.NO);
    }

    private Hit condition(Rule rule, boolean deny) {
      if (rule.where().isEmpty()) {
        return Hit.YES;
      }
      try {
        var condition = Condition.parse(rule.where().get(), RuleCase.VOCABULARY);
        return condition.holds(new RuleCase(user, target)) ? Hit.YES : Hit.NO;
      } catch (Undecided e) {
        if (e.isUntold() && target.thing().isEmpty()) {
          return deny == hopeful ? Hit.NO : Hit.YES;
        }
        return Hit.FAILED;
      } catch (InvalidExpression e) {
        return Hit.FAILED;
      }
    }

    private boolean names(Rule rule) {
      var resources = rule.resources();
      return resources.contains(ANY)
          || resources.contains(target.kind())
          || (resources.contains(CONNECTORS) && CONNECTOR_KINDS.contains(target.kind()));
    }

    private boolean hits(List<String> verbs, boolean deny) {
      return verbs.contains(ANY)
          || verbs.contains(verb.wireName())
          || (verb == Verb.READ_NO_SECRETS && verbs.contains(Verb.READ.wireName()))
          || (deny && verb == Verb.READ && verbs.contains(Verb.READ_NO_SECRETS.wireName()));
    }
  }
}
