package dev.sallyport.proxy.browser;

import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.MfaChallenge;
import dev.sallyport.control.WebLoginBegin;
import dev.sallyport.control.WebSignInRequest;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.proxy.browser.api.SessionView;
import dev.sallyport.proxy.browser.api.SignInForm;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;

/// To sign in and out, and to know who is.
final class SignInOperations {
  private final BrowserDesk desk;
  private final InstantSource clock;

  SignInOperations(BrowserDesk desk, InstantSource clock) {
    this.desk = desk;
    this.clock = clock;
  }

  List<Operation<?, ?>> all() {
    return List.of(
        Operation.post(
                "/login/begin",
                "What a sign-in has to answer. Looks alike for every name.",
                WebLoginBegin.class,
                MfaChallenge.class,
                (visit, request) ->
                    desk.beginLogin(
                        new LoginBeginRequest(
                            request.user(), request.passwordless(), visit.address())))
            .at(Rate.LOGIN),
        Operation.tell(
                "/session",
                "Signs the browser in; the answer sets its cookie.",
                SignInForm.class,
                this::signIn)
            .at(Rate.LOGIN),
        Operation.get(
            "/session", "Who is signed in, as of now.", SessionView.class, SignInOperations::view),
        Operation.delete("/session", "Signs the browser out.", this::signOut));
  }

  private void signIn(Visit visit, SignInForm form) {
    // A browser that signs in anew keeps nothing of the session before.
    visit
        .session()
        .ifPresent(old -> {
          desk.endWebSession(new EndWebSessionRequest(old, visit.address()));
          visit.forget();
        });
    var made =
        desk.webSignIn(
            new WebSignInRequest(
                form.user(),
                form.password(),
                form.totpCode(),
                form.webauthn(),
                visit.address(),
                visit.agent()));
    visit.begin(made.session(), Duration.between(clock.instant(), made.expires()));
  }

  private static SessionView view(Visit visit) {
    var certificate = visit.refreshed().certificate();
    return new SessionView(
        certificate.user(),
        certificate.roles(),
        certificate.sessionEnds(),
        certificate.sessionEndsAtLatest());
  }

  private void signOut(Visit visit) {
    var session = visit.session();
    visit.forget();
    session.ifPresent(old -> desk.endWebSession(new EndWebSessionRequest(old, visit.address())));
  }
}
