package dev.sallyport.auth.web;

import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.issue.CertificateIssuer;
import dev.sallyport.auth.login.Attempt;
import dev.sallyport.auth.login.SignInCheck;
import dev.sallyport.auth.mfa.FactorAnswer;
import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.control.WebSessionCreated;
import dev.sallyport.control.WebSignInRequest;
import java.util.Optional;

/// Signs browsers in: the proof of every sign-in, then a session. Every try is audited.
public final class WebSignIn {
  private final SignInCheck check;
  private final WebSessions sessions;
  private final CertificateIssuer issuer;
  private final AuditTrail audit;

  public WebSignIn(
      SignInCheck check, WebSessions sessions, CertificateIssuer issuer, AuditTrail audit) {
    this.check = check;
    this.sessions = sessions;
    this.issuer = issuer;
    this.audit = audit;
  }

  /// Signs a browser in.
  public WebSessionCreated signIn(WebSignInRequest request) {
    var address = request.clientAddress();
    var proven =
        check.prove(
            new Attempt(
                request.user(),
                request.password(),
                FactorAnswer.of(request.otp(), request.webauthn()),
                address));
    var device = proven.device().map(MfaDeviceRecord::id);
    var identity = issuer.identity(proven.user(), Optional.of(address), device);
    issuer.requireUnlocked(identity, address);
    // Written down first: a sign-in that can't be audited begins no session.
    audit.loginSucceeded(proven.user(), address, proven.device());
    return sessions.begin(proven.user(), identity);
  }
}
