package dev.sallyport.auth.login;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.control.ChangePasswordRequest;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.UserIdentity;
import dev.sallyport.store.CommitResult;
import java.time.InstantSource;
import java.util.List;

/// Lets users change their own password. A login alone is not enough: the password of before is
/// asked for, and a second factor of those who have one.
public final class PasswordService {
  /// What a wrong proof answers, whichever it was.
  public static final String REFUSED = "invalid password or second factor";

  private final CredentialState credentials;
  private final PasswordHasher hasher;
  private final FactorCheck check;
  private final AuditTrail audit;
  private final InstantSource clock;

  public PasswordService(
      SignInCheck.Secrets secrets, FactorCheck check, AuditTrail audit, InstantSource clock) {
    this.credentials = secrets.passwords();
    this.hasher = secrets.hasher();
    this.check = check;
    this.audit = audit;
    this.clock = clock;
  }

  /// Changes a user's password, which ends their sessions of the web UI.
  public void change(UserIdentity identity, ChangePasswordRequest request) {
    var user = identity.user();
    prove(user, request);
    if (request.next().equals(request.current())) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER, "the new password is the old one; choose another");
    }
    var writes = credentials.change(user, hasher.hash(request.next()), clock.instant());
    var event = audit.passwordChanged(user, identity.loginAddress().orElse(""));
    if (audit.commit(writes, List.of(event)) instanceof CommitResult.Conflict) {
      throw new ControlException(
          ErrorKind.COMPARE_FAILED, "the password was taken away meanwhile; ask for a new link");
    }
  }

  private void prove(String user, ChangePasswordRequest request) {
    try {
      check.both(user, request.current(), request.proof());
    } catch (ControlException e) {
      throw e.kind() == ErrorKind.ACCESS_DENIED
          ? new ControlException(ErrorKind.ACCESS_DENIED, REFUSED, e)
          : e;
    }
  }
}
