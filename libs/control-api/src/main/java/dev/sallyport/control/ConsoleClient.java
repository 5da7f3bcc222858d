package dev.sallyport.control;

import java.util.Map;

/// How the Proxy passes requests for a browser on to Auth; see [ControlRoutes#PROXY_CONSOLE].
/// Throws what [ControlClient] throws.
public final class ConsoleClient {
  private final JsonHttp http;

  ConsoleClient(JsonHttp http) {
    this.http = http;
  }

  /// A tool asks for a browser.
  public ConsoleStarted start(ConsoleStartRequest request) {
    return http.call("POST", ControlRoutes.PROXY_CONSOLE, request, ConsoleStarted.class);
  }

  /// What the page must show.
  public ConsoleInfo info(String id) {
    return http.get(path(ControlRoutes.PROXY_CONSOLE_REQUEST, id), ConsoleInfo.class);
  }

  /// The person at the browser proves who they are.
  public ConsoleTicket signIn(String id, ConsoleSignIn request) {
    return http.call(
        "POST", path(ControlRoutes.PROXY_CONSOLE_SIGN_IN, id), request, ConsoleTicket.class);
  }

  /// They approve.
  public ConsoleAnswer approve(String id, ConsoleApproval request) {
    return http.call(
        "POST", path(ControlRoutes.PROXY_CONSOLE_APPROVE, id), request, ConsoleAnswer.class);
  }

  /// They reject, for good.
  public ConsoleAnswer reject(String id) {
    return http.call(
        "POST", path(ControlRoutes.PROXY_CONSOLE_REJECT, id), Map.of(), ConsoleAnswer.class);
  }

  /// The tool does not wait any more.
  public void cancel(String id, ConsoleCancel request) {
    http.run("POST", path(ControlRoutes.PROXY_CONSOLE_CANCEL, id), request);
  }

  private static String path(String route, String id) {
    return ControlRoutes.console(route, id);
  }
}
