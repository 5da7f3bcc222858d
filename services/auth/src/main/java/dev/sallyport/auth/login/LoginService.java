package dev.sallyport.auth.login;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.mfa.FactorAnswer;
import dev.sallyport.auth.mfa.SecondFactors;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.LoginResult;
import dev.sallyport.control.MfaChallenge;

/// Sign-in: proof of who somebody is, then a certificate for the key that came with the request.
/// Every try is audited; a sign-in that can't be is refused.
public final class LoginService {
  /// What a failed try answers, whatever failed, where no second factor is required.
  public static final String REFUSED = "invalid username or password";

  /// What a failed try answers, whatever failed, where one is.
  public static final String REFUSED_WITH_FACTOR = "invalid username, password or second factor";

  /// What a braked name answers, whether it exists or not.
  public static final String BRAKED =
      "too many incorrect attempts, please try again later (in at most 20 minutes)";

  /// What everybody is told where passwords are not taken.
  public static final String LOCAL_OFF = "local auth disabled by administrator";

  private final SignInCheck check;
  private final SecondFactors factors;
  private final CertificateIssuer issuer;
  private final AuditTrail audit;

  public LoginService(
      SignInCheck check, SecondFactors factors, CertificateIssuer issuer, AuditTrail audit) {
    this.check = check;
    this.factors = factors;
    this.issuer = issuer;
    this.audit = audit;
  }

  /// What the second factor of a sign-in has to answer.
  public MfaChallenge begin(LoginBeginRequest request) {
    if (request.passwordless()) {
      return factors
          .passwordless()
          .orElseThrow(() ->
              new ControlException(
                  ErrorKind.ACCESS_DENIED, "passwordless sign-in is not enabled in this cluster"));
    }
    return factors.login(request.user());
  }

  /// Signs a user in and certifies the key that came with the request.
  public LoginResult login(LoginRequest request) {
    issuer.requireKey(request.publicKey());
    var address = request.clientAddress();
    var proven =
        check.prove(
            new Attempt(
                request.user(),
                request.password(),
                FactorAnswer.of(request.otp(), request.webauthn()),
                address));
    var wish = new CertificateIssuer.LoginWish(request.publicKey(), request.ttl(), address);
    var result = issuer.login(proven.user(), wish, proven.device().map(MfaDeviceRecord::id));
    audit.loginSucceeded(proven.user(), address, proven.device());
    return result;
  }
}
