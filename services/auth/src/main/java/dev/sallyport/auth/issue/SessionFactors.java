package dev.sallyport.auth.issue;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.MfaProof;
import dev.sallyport.model.Database;
import dev.sallyport.pki.VerifiedUser;
import dev.sallyport.policy.DatabaseListing;
import dev.sallyport.policy.Denial;
import dev.sallyport.policy.RoleSet;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Second factors of database sessions: who needs one, and until when it counts.
///
/// One is needed when the cluster asks for it, or a role that gives the database does. The agent
/// judges the same again; here the user is asked in time.
public final class SessionFactors {
  private final BooleanSupplier cluster;
  private final Proof proof;

  /// Checks a proof and uses it up.
  public interface Proof {
    /// @return the id of the device that proved it
    /// @throws ControlException if it is not right
    String check(String user, MfaProof proof);
  }

  /// @param cluster whether the cluster asks it of every session
  public SessionFactors(BooleanSupplier cluster, Proof proof) {
    this.cluster = cluster;
    this.proof = proof;
  }

  /// What a certificate is asked for with.
  ///
  /// @param key that is to be certified
  /// @param old the still valid certificate of the same session
  record Wish(
      VerifiedUser caller, PublicKey key, Optional<VerifiedUser> old, Optional<MfaProof> given) {}

  /// A second factor of a session.
  ///
  /// @param device that proved it; empty when none was needed
  /// @param end until when the certificate may live
  record Factor(Optional<String> device, Instant end) {}

  /// What holds for a certificate.
  ///
  /// A proof counts for as long as the roles say, and never longer than the login. Without a new
  /// one, that of the old certificate goes on until its end, but only for its own key: a
  /// certificate alone proves nothing about who shows it.
  ///
  /// @throws ControlException of kind MFA_REQUIRED if one is needed and there is none
  Factor of(Wish wish, RoleSet roles, Database database, Instant now) {
    var login = wish.caller().notAfter();
    if (wish.given().isPresent()) {
      var device = proof.check(wish.caller().identity().user(), wish.given().get());
      var end = roles.options().mfaVerificationInterval().map(now::plus).filter(login::isAfter);
      return new Factor(Optional.of(device), end.orElse(login));
    }
    var kept =
        wish.old()
            .filter(old -> old.notAfter().isAfter(now))
            .filter(old -> old.certificate().getPublicKey().equals(wish.key()));
    var device = kept.flatMap(old -> old.identity().route()).flatMap(route -> route.mfaDevice());
    if (device.isPresent()) {
      var end = kept.map(VerifiedUser::notAfter).filter(login::isAfter);
      return new Factor(device, end.orElse(login));
    }
    if (needed(wish.caller(), roles, database)) {
      throw new ControlException(ErrorKind.MFA_REQUIRED, Denial.MFA_REQUIRED);
    }
    return new Factor(Optional.empty(), login);
  }

  private boolean needed(VerifiedUser caller, RoleSet roles, Database database) {
    if (cluster.getAsBoolean()) {
      return true;
    }
    return switch (roles.options().sessionMfa()) {
      case NEVER -> false;
      case ALWAYS -> true;
      case BY_ROLE -> {
        var asking =
            roles.effective().stream().filter(role -> role.options().requireSessionMfa()).toList();
        yield new DatabaseListing(caller.identity(), new RoleSet(asking, List.of()))
            .visible(database);
      }
    };
  }
}
