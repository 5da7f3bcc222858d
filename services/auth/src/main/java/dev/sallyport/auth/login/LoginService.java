package dev.sallyport.auth.login;

import dev.sallyport.auth.access.UserRoles;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.state.CredentialState;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.LoginResult;
import dev.sallyport.model.User;
import java.time.InstantSource;
import java.util.Optional;

/// Sign-in with a password. Whatever was wrong, the answer is the same and so is the work: nobody
/// learns whether a user exists. Every try is audited; a sign-in that can't be is refused.
public final class LoginService {
  /// What a failed try answers, whatever failed.
  public static final String REFUSED = "invalid username or password";

  /// What a braked name answers, whether it exists or not.
  public static final String BRAKED =
      "too many incorrect attempts, please try again later (in at most 20 minutes)";

  private final ResourceState resources;
  private final CredentialState credentials;
  private final PasswordHasher hasher;
  private final FailureBrake brake;
  private final CertificateIssuer issuer;
  private final AuditTrail audit;

  public LoginService(
      ResourceState resources,
      CredentialState credentials,
      PasswordHasher hasher,
      InstantSource clock,
      CertificateIssuer issuer,
      AuditTrail audit) {
    this.resources = resources;
    this.credentials = credentials;
    this.hasher = hasher;
    this.brake = new FailureBrake(clock);
    this.issuer = issuer;
    this.audit = audit;
  }

  /// Signs a user in and certifies the key that came with the request.
  public LoginResult login(LoginRequest request) {
    issuer.requireKey(request.publicKey());
    var name = request.user();
    var address = request.clientAddress();
    if (!brake.open(name, address)) {
      audit.loginFailed(name, address, BRAKED);
      throw new ControlException(ErrorKind.LIMIT_EXCEEDED, BRAKED);
    }
    var user = find(name);
    var kept = user.flatMap(found -> credentials.password(found.name()));
    if (!hasher.verify(kept, request.password()) || user.isEmpty()) {
      brake.failed(name, address);
      audit.loginFailed(name, address, REFUSED);
      throw new ControlException(ErrorKind.ACCESS_DENIED, REFUSED);
    }
    if (user.get().status().locked()) {
      var message = UserRoles.lockedMessage(user.get());
      audit.loginFailed(name, address, message);
      throw new ControlException(ErrorKind.ACCESS_DENIED, message);
    }
    brake.succeeded(name, address);
    var result = issuer.login(user.get(), request);
    audit.loginSucceeded(user.get(), address);
    return result;
  }

  /// A name that can't be a key is simply nobody's.
  private Optional<User> find(String name) {
    try {
      return resources.user(dev.sallyport.model.Names.check(name, "user name"));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
