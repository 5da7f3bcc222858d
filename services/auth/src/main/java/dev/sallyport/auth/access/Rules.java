package dev.sallyport.auth.access;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.RuleEngine;
import dev.sallyport.policy.RuleTarget;
import dev.sallyport.policy.Verb;
import java.util.Arrays;
import java.util.function.Predicate;

/// Whether a caller's rules give a verb on resources. Administrators are above the rules; services
/// and database certificates have none.
///
/// A rule may have a condition on the resource. So a route asks twice: first whether there can be
/// any such resource, and with each resource in hand whether it is one.
public final class Rules {
  private final UserRoles userRoles;

  public Rules(UserRoles userRoles) {
    this.userRoles = userRoles;
  }

  /// The first question; it alone never allows anything.
  ///
  /// @throws ControlException of kind ACCESS_DENIED unless every verb may be allowed for something
  public void requireSome(Caller caller, Kind kind, Verb... verbs) {
    for (var verb : verbs) {
      var some =
          switch (caller) {
            case Caller.Admin _ -> true;
            case Caller.Person(VerifiedUser user) ->
                RuleEngine.allowsSome(userRoles.of(user), user.identity(), verb, kind.wireName());
            case Caller.Web _, Caller.Part _, Caller.RouteHolder _, Caller.Joining _ -> false;
          };
      if (!some) {
        throw refused(kind.wireName(), verb);
      }
    }
  }

  /// For what has no document of its own, such as `event`.
  ///
  /// @throws ControlException of kind ACCESS_DENIED unless every verb is allowed
  public void require(Caller caller, String resource, Verb... verbs) {
    for (var verb : verbs) {
      require(caller, verb, RuleTarget.ofKind(resource));
    }
  }

  /// Whether every verb is allowed.
  public boolean allow(Caller caller, String resource, Verb... verbs) {
    return judge(caller, verbs).test(RuleTarget.ofKind(resource));
  }

  /// @throws ControlException of kind ACCESS_DENIED unless the verb is allowed on all of them: to
  ///   change a resource, that is what is kept and what is to be kept
  public void require(Caller caller, Verb verb, RuleTarget... targets) {
    var allowed = judge(caller, verb);
    for (var target : targets) {
      if (!allowed.test(target)) {
        throw refused(target.kind(), verb);
      }
    }
  }

  /// The second question about many resources, by one view of the caller's roles.
  public Predicate<RuleTarget> judge(Caller caller, Verb... verbs) {
    return switch (caller) {
      case Caller.Admin _ -> _ -> true;
      case Caller.Person(VerifiedUser user) -> {
        var roles = userRoles.of(user);
        yield target ->
            Arrays.stream(verbs)
                .allMatch(verb -> RuleEngine.allows(roles, user.identity(), verb, target));
      }
      case Caller.Web _, Caller.Part _, Caller.RouteHolder _, Caller.Joining _ -> _ -> false;
    };
  }

  private static ControlException refused(String kind, Verb verb) {
    return new ControlException(ErrorKind.ACCESS_DENIED, RuleEngine.refusal(kind, verb));
  }
}
