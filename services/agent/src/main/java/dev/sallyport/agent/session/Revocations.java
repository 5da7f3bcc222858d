package dev.sallyport.agent.session;

import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.policy.Denial;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What ends a certificate before its time: a lock, or that its user is gone. It is looked at
/// before any role, so nothing that allows can win over it.
final class Revocations {
  private final ClusterFacts facts;
  private final UserIdentity identity;
  private final LockSubject subject;

  /// @param serverId of this agent, which a lock may hit too
  Revocations(ClusterFacts facts, UserIdentity identity, String serverId) {
    this.facts = facts;
    this.identity = identity;
    this.subject = LockSubject.of(identity).with(LockPart.SERVER_ID, serverId);
  }

  Optional<Denial> at(Instant now) {
    return facts
        .lockOn(subject, now)
        .map(lock ->
            new Denial(
                lock.refusal(),
                List.of("lock " + Quoted.of(lock.resourceName()) + " is in force"),
                Denial.Code.LOCKED))
        .or(this::userGone);
  }

  private Optional<Denial> userGone() {
    var name = Quoted.of(identity.user());
    var known = facts.user(identity.user());
    if (known.isEmpty()) {
      var reason = "user %s does not exist any more".formatted(name);
      return Optional.of(revoked(Denial.PREFIX + " " + sentence(reason), reason));
    }
    var since = identity.signIn().flatMap(SignIn::userSince);
    if (since.isPresent() && !since.equals(known.get().since())) {
      var reason = "user %s was made anew after this sign-in".formatted(name);
      return Optional.of(
          revoked(
              Denial.PREFIX + " " + sentence(reason) + " Sign in again with 'tsh login'.", reason));
    }
    return Optional.empty();
  }

  private static String sentence(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }

  private static Denial revoked(String message, String reason) {
    return new Denial(message, List.of(reason), Denial.Code.REVOKED);
  }
}
