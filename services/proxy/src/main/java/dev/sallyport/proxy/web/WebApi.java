package dev.sallyport.proxy.web;

import dev.sallyport.control.ConsoleCancel;
import dev.sallyport.control.ConsoleStart;
import dev.sallyport.control.ConsoleStartRequest;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.JoinChallengeRequest;
import dev.sallyport.control.LoginBeginRequest;
import dev.sallyport.control.LoginRequest;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.control.WebLoginBegin;
import dev.sallyport.control.WebLoginRequest;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import io.javalin.http.Context;
import java.util.Optional;

/// Sign-in and join: the two ways in for somebody without a certificate. What is posted goes to the
/// Auth Service as it is, with the client's address, which is never taken from the request.
final class WebApi {
  private static final String JSON = "application/json";

  private final AuthDesk desk;
  private final AddressLimiter logins = new AddressLimiter(Rate.LOGIN);
  private final AddressLimiter joins = new AddressLimiter(Rate.JOIN);

  WebApi(AuthDesk desk) {
    this.desk = desk;
  }

  /// `POST /webapi/mfa/login/finish`.
  void login(Context context) {
    WebRoutes.limit(context, logins);
    var request = ControlJson.request(RequestBody.read(context, JSON), WebLoginRequest.class);
    var result =
        desk.login(
            new LoginRequest(
                request.user(),
                request.password(),
                request.totpCode(),
                request.tlsPubKey(),
                request.ttl(),
                WebRoutes.client(context).getHostAddress(),
                request.webauthnChallengeResponse(),
                Optional.ofNullable(context.userAgent())));
    context.contentType(JSON).result(ControlJson.bytes(result));
  }

  /// `POST /webapi/mfa/login/begin`.
  void beginLogin(Context context) {
    WebRoutes.limit(context, logins);
    var request = ControlJson.request(RequestBody.read(context, JSON), WebLoginBegin.class);
    var address = WebRoutes.client(context).getHostAddress();
    var result =
        desk.beginLogin(new LoginBeginRequest(request.user(), request.passwordless(), address));
    context.contentType(JSON).result(ControlJson.bytes(result));
  }

  /// `POST /webapi/console/login`.
  void startConsole(Context context) {
    WebRoutes.limit(context, logins);
    var start = ControlJson.request(RequestBody.read(context, JSON), ConsoleStart.class);
    var address = WebRoutes.client(context).getHostAddress();
    var result = desk.startConsole(new ConsoleStartRequest(start, address));
    context.contentType(JSON).result(ControlJson.bytes(result));
  }

  /// `POST /webapi/console/login/{id}/cancel`.
  void cancelConsole(Context context) {
    WebRoutes.limit(context, logins);
    var cancel = ControlJson.request(RequestBody.read(context, JSON), ConsoleCancel.class);
    desk.cancelConsole(context.pathParam("id"), cancel);
    context.status(204);
  }

  /// `POST /webapi/host/join/challenge`.
  void joinChallenge(Context context) {
    WebRoutes.limit(context, joins);
    var request = ControlJson.request(RequestBody.read(context, JSON), JoinChallengeRequest.class);
    context.contentType(JSON).result(ControlJson.bytes(desk.joinChallenge(request)));
  }

  /// `POST /webapi/host/join`.
  void join(Context context) {
    WebRoutes.limit(context, joins);
    var request = ControlJson.request(RequestBody.read(context, JSON), WebJoinRequest.class);
    var result = desk.join(request.from(WebRoutes.client(context).getHostAddress()));
    context.contentType(JSON).result(ControlJson.bytes(result));
  }
}
