package dev.sallyport.auth.access;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.RuleEngine;
import dev.sallyport.policy.RuleTarget;
import dev.sallyport.policy.Verb;

/// Whether a caller's rules give a verb on a kind of resources. Administrators are above the rules;
/// services and database certificates have none.
public final class Rules {
  private final UserRoles userRoles;

  public Rules(UserRoles userRoles) {
    this.userRoles = userRoles;
  }

  /// @throws ControlException of kind ACCESS_DENIED unless every verb is allowed
  public void require(Caller caller, Kind kind, Verb... verbs) {
    for (var verb : verbs) {
      if (!allows(caller, kind, verb)) {
        throw new ControlException(
            ErrorKind.ACCESS_DENIED, RuleEngine.refusal(kind.wireName(), verb));
      }
    }
  }

  private boolean allows(Caller caller, Kind kind, Verb verb) {
    return switch (caller) {
      case Caller.Admin _ -> true;
      case Caller.Person(VerifiedUser user) ->
          RuleEngine.allows(userRoles.of(user), user.identity(), verb, RuleTarget.ofKind(kind));
      case Caller.Part _, Caller.RouteHolder _ -> false;
    };
  }
}
