package dev.sallyport.control;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedTrustManager;

/// The Proxy's public door as tsh and joining hosts see it. The trust manager must check the
/// Proxy's name itself: one of `PeerTrust`.
///
/// Calls block and may come from many threads. Each throws [ControlException] and nothing else.
/// Whoever made the client closes it.
public final class WebClient implements JoinDoor {
  private final JsonHttp http;

  /// A client that connects at its first call.
  ///
  /// @param proxy `https://host:port`
  public WebClient(URI proxy, X509ExtendedTrustManager trust) {
    if (!"https".equals(proxy.getScheme()) || proxy.getHost() == null) {
      throw new IllegalArgumentException(
          "'" + proxy + "' is not an address like https://host:port");
    }
    this.http =
        new JsonHttp(
            proxy,
            "the Proxy at " + proxy.getRawAuthority(),
            AlpnContext.of(Optional.empty(), trust, "http/1.1"),
            List.of("TLSv1.3", "TLSv1.2"));
  }

  /// What the cluster is and how one signs in.
  public Ping ping() {
    return http.get(ControlRoutes.WEB_PING, Ping.class);
  }

  /// What the cluster is.
  public Ping find() {
    return http.get(ControlRoutes.WEB_FIND, Ping.class);
  }

  /// What everybody shall read before they sign in.
  public Motd motd() {
    return http.get(ControlRoutes.WEB_MOTD, Motd.class);
  }

  /// Signs in.
  public LoginResult login(WebLoginRequest request) {
    return http.call("POST", ControlRoutes.WEB_LOGIN, request, LoginResult.class);
  }

  /// What a sign-in has to answer.
  public MfaChallenge beginLogin(WebLoginBegin request) {
    return http.call("POST", ControlRoutes.WEB_LOGIN_BEGIN, request, MfaChallenge.class);
  }

  /// Asks for a browser to sign in with.
  public ConsoleStarted startConsole(ConsoleStart start) {
    return http.call("POST", ControlRoutes.WEB_CONSOLE, start, ConsoleStarted.class);
  }

  /// Does not wait for the browser any more.
  public void cancelConsole(String id, ConsoleCancel cancel) {
    http.run("POST", ControlRoutes.console(ControlRoutes.WEB_CONSOLE_CANCEL, id), cancel);
  }

  @Override
  public JoinChallenge challenge(JoinChallengeRequest request) {
    return http.call("POST", ControlRoutes.WEB_JOIN_CHALLENGE, request, JoinChallenge.class);
  }

  @Override
  public JoinResult join(WebJoinRequest request) {
    return http.call("POST", ControlRoutes.WEB_JOIN, request, JoinResult.class);
  }

  @Override
  public void close() {
    http.close();
  }
}
