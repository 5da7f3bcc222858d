package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Origin;
import dev.sallyport.auth.web.WebSessions;
import dev.sallyport.auth.web.WebSignIn;
import dev.sallyport.control.EndWebSessionRequest;
import dev.sallyport.control.WebCertificateRequest;
import dev.sallyport.control.WebSignInRequest;
import java.util.Optional;

/// What a Proxy needs for the browsers in front of it.
final class WebRoutes {
  private final WebSignIn login;
  private final WebSessions sessions;

  WebRoutes(WebSignIn login, WebSessions sessions) {
    this.login = login;
    this.sessions = sessions;
  }

  Optional<Object> signIn(Call call) {
    var request = call.body(WebSignInRequest.class);
    return Origin.agent(request.userAgent(), () -> Optional.of(login.signIn(request)));
  }

  Optional<Object> certificate(Call call) {
    return Optional.of(sessions.certificate(call.body(WebCertificateRequest.class)));
  }

  Optional<Object> end(Call call) {
    sessions.end(call.body(EndWebSessionRequest.class));
    return Optional.empty();
  }
}
