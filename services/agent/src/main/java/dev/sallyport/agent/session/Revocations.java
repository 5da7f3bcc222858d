package dev.sallyport.agent.session;

import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.model.Quoted;
import dev.sallyport.model.SignIn;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.Denial;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What ends a certificate before its time: a lock, that its user is gone, or that the cluster has
/// replaced the key that signed it. It is looked at before any role, so nothing that allows can win
/// over it. Belongs to the connection's event loop.
final class Revocations {
  private final ClusterFacts facts;
  private final UserIdentity identity;
  private final X509Certificate certificate;
  private final LockSubject subject;
  private List<X509Certificate> trusted = List.of();

  /// @param serverId of this agent, which a lock may hit too
  Revocations(ClusterFacts facts, VerifiedUser user, String serverId) {
    this.facts = facts;
    this.identity = user.identity();
    this.certificate = user.certificate();
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
        .or(this::userGone)
        .or(() -> keyReplaced(now));
  }

  /// A signature is checked again only when other authorities are trusted than at the last time.
  private Optional<Denial> keyReplaced(Instant now) {
    var trust = facts.trust();
    if (trust.userAuthorities().equals(trusted)) {
      return Optional.empty();
    }
    var verifier = new IdentityVerifier(() -> trust, () -> now);
    if (verifier.user(List.of(certificate)) instanceof Verification.Verified<VerifiedUser>) {
      trusted = trust.userAuthorities();
      return Optional.empty();
    }
    return Optional.of(
        new Denial(
            "The certificate does not count any more, since the cluster has changed its keys; sign"
                + " in again with 'tsh login'.",
            List.of("the certificate was signed with a key that is not trusted any more"),
            Denial.Code.EXPIRED));
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
