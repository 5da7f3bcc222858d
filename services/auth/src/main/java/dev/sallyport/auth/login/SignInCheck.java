package dev.sallyport.auth.login;

import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.mfa.FactorAnswer;
import dev.sallyport.auth.mfa.FactorVerdict;
import dev.sallyport.auth.mfa.SecondFactors;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.MfaState;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Names;
import dev.sallyport.model.User;
import java.util.List;
import java.util.Optional;

/// Proves who somebody is: by password and second factor, or by a passkey alone. Whatever was
/// wrong, the answer is the same and so is the work: nobody learns whether a user exists, or which
/// part was right. Every refusal is audited, with the reason.
public final class SignInCheck {
  private final ResourceState resources;
  private final Secrets secrets;
  private final SecondFactors factors;
  private final FailureBrake brake;
  private final AuditTrail audit;

  /// What users know and have.
  public record Secrets(CredentialState passwords, PasswordHasher hasher, MfaState devices) {}

  public SignInCheck(
      ResourceState resources,
      Secrets secrets,
      SecondFactors factors,
      FailureBrake brake,
      AuditTrail audit) {
    this.resources = resources;
    this.secrets = secrets;
    this.factors = factors;
    this.brake = brake;
    this.audit = audit;
  }

  /// @throws ControlException if they have not: LIMIT_EXCEEDED when braked, else ACCESS_DENIED
  public ProvenUser prove(Attempt attempt) {
    return attempt.passwordless() ? passkey(attempt) : password(attempt);
  }

  /// As [#prove], for a known user of whom a second factor alone is wanted.
  public ProvenUser proveFactor(String user, Attempt attempt) {
    passBrake(user, attempt.address());
    try (var _ = begin(user, attempt.address())) {
      var found = find(user);
      var verdict =
          found.isEmpty()
              ? new FactorVerdict.Refused("no such user")
              : factors.onPage(user, attempt.factor());
      return finish(user, attempt.address(), found, verdict);
    }
  }

  /// What a failed try answers, whatever failed.
  public String refusal() {
    return factors.rules().required() ? LoginService.REFUSED_WITH_FACTOR : LoginService.REFUSED;
  }

  private ProvenUser password(Attempt attempt) {
    var name = attempt.user();
    passBrake(name, attempt.address());
    requireLocal(name, attempt.address());
    var user = find(name);
    var kept = user.flatMap(found -> secrets.passwords().password(found.name()));
    var right = secrets.hasher().verify(kept, attempt.password());
    // Passwords are checked a few at a time; what comes after is not.
    try (var _ = begin(name, attempt.address())) {
      FactorVerdict verdict =
          right && user.isPresent()
              ? factors.login(user.get().name(), attempt.factor())
              : new FactorVerdict.Refused("wrong user name or password");
      return finish(name, attempt.address(), user, verdict);
    }
  }

  private void requireLocal(String name, String address) {
    if (!factors.rules().localAuth()) {
      audit.loginFailed(name, address, LoginService.LOCAL_OFF);
      throw new ControlException(ErrorKind.ACCESS_DENIED, LoginService.LOCAL_OFF);
    }
  }

  private ProvenUser passkey(Attempt attempt) {
    if (!(attempt.factor() instanceof FactorAnswer.Signed(var answer))) {
      throw new IllegalStateException("no passkey");
    }
    requireLocal("", attempt.address());
    var owner = factors.passwordless(answer);
    var name = owner.map(SecondFactors.Owner::user).orElse("");
    var verdict =
        owner
            .map(SecondFactors.Owner::verdict)
            .orElseGet(() -> new FactorVerdict.Refused("nobody's passkey"));
    return finish(name, attempt.address(), find(name), verdict);
  }

  private ProvenUser finish(
      String name, String address, Optional<User> user, FactorVerdict verdict) {
    return switch (verdict) {
      case FactorVerdict.Proven(var device, var writes)
          when user.isPresent() && secrets.devices().commit(withUser(name, writes)) -> {
        requireUnlocked(user.get(), address);
        brake.succeeded(name, address);
        yield new ProvenUser(user.get(), device);
      }
      case FactorVerdict.Proven _ -> throw refused(name, address, "used already");
      case FactorVerdict.Refused(String reason) -> throw refused(name, address, reason);
    };
  }

  private List<dev.sallyport.store.Write> withUser(
      String name, List<dev.sallyport.store.Write> writes) {
    if (writes.isEmpty()) {
      return writes;
    }
    var all = new java.util.ArrayList<>(writes);
    all.add(secrets.devices().present(name));
    return all;
  }

  private void requireUnlocked(User user, String address) {
    if (user.status().locked()) {
      var message = UserRoles.lockedMessage(user);
      audit.loginFailed(user.name(), address, message);
      throw new ControlException(ErrorKind.ACCESS_DENIED, message);
    }
  }

  private void passBrake(String name, String address) {
    if (!brake.open(name, address)) {
      throw braked(name, address);
    }
    brake.slow(name);
  }

  /// Asked after the password was looked at, and before anything is told of it: of many guesses at
  /// once only the first few count.
  private FailureBrake.Try begin(String name, String address) {
    return brake.begin(name, address).orElseThrow(() -> braked(name, address));
  }

  private ControlException braked(String name, String address) {
    audit.loginFailed(name, address, LoginService.BRAKED);
    return new ControlException(ErrorKind.LIMIT_EXCEEDED, LoginService.BRAKED);
  }

  private ControlException refused(String name, String address, String reason) {
    brake.failed(name, address);
    var told = refusal();
    audit.loginFailed(name, address, told, reason);
    return new ControlException(ErrorKind.ACCESS_DENIED, told);
  }

  /// A name that can't be a key is simply nobody's.
  private Optional<User> find(String name) {
    try {
      return resources.user(Names.check(name, "user name"));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
