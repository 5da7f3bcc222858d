package dev.sallyport.proxy.browser;

import dev.sallyport.control.ConsoleAnswer;
import dev.sallyport.control.ConsoleApproval;
import dev.sallyport.control.ConsoleInfo;
import dev.sallyport.control.ConsoleSignIn;
import dev.sallyport.control.ConsoleTicket;
import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.EnrollRequest;
import dev.sallyport.control.Enrollment;
import dev.sallyport.control.InviteInfo;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.SetPasswordRequest;
import dev.sallyport.control.WebCertificate;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebSessionCreated;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.pki.TlsIdentity;
import java.util.function.Function;

/// What the web app's server side asks of the Auth Service. Calls block, on virtual threads; a
/// refusal is a [dev.sallyport.control.ControlException].
public interface BrowserDesk {
  /// What a sign-in has to answer.
  MfaChallenge beginLogin(LoginBeginRequest request);

  /// Signs a browser in.
  WebSessionCreated webSignIn(WebSignInRequest request);

  /// The short certificate of a session.
  WebCertificate webCertificate(WebCertificateRequest request);

  /// Ends a session.
  void endWebSession(EndWebSessionRequest request);

  /// What an invitation or reset link is about.
  InviteInfo invite(String token);

  /// Begins to register a device behind a link.
  Enrollment enroll(String token, EnrollRequest request);

  /// Uses a link up.
  void setPassword(String token, SetPasswordRequest request);

  /// What a command-line tool asks of this browser.
  ConsoleInfo consoleInfo(String id);

  /// Proves who sits at the browser.
  ConsoleTicket consoleSignIn(String id, ConsoleSignIn request);

  /// Approves.
  ConsoleAnswer consoleApprove(String id, ConsoleApproval request);

  /// Rejects.
  ConsoleAnswer consoleReject(String id);

  /// Does work with the certificate of a signed-in browser.
  <T> T as(TlsIdentity browser, Function<PersonDesk, T> work);
}
