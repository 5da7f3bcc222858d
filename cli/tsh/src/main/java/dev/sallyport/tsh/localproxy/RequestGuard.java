package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides, from the head of a request alone, whether it may enter the tunnel.
///
/// The listener has no password: whatever reaches it acts as the user. So it must be sure that no
/// web page reaches it. A page can make a browser send requests to loopback, and by DNS rebinding
/// even read the answers; but it cannot make the browser lie in `Host`, leave `Origin` out of a
/// POST, or omit the `Sec-Fetch` headers. No answer ever carries a CORS header.
final class RequestGuard {
  /// Answers a GET, so that scripts can wait for the tunnel.
  static final String HEALTH_PATH = "/healthz";

  private static final String SCHEME = "http://";
  private static final int HTTP_PORT = 80;

  private final Set<String> authorities;

  /// @param bound where the listener listens
  RequestGuard(InetSocketAddress bound) {
    this.authorities = authorities(bound);
  }

  /// What to do with a request.
  sealed interface Verdict {
    /// It goes through the tunnel.
    ///
    /// @param target path and query in origin form
    record Forward(String target) implements Verdict {}

    /// It asks whether the tunnel listens.
    record Health() implements Verdict {}

    /// It is answered here, and its connection closed.
    record Refuse(DynamoDbError answer) implements Verdict {}
  }

  Verdict check(RequestHead request) {
    var hosts = request.all("host");
    if (hosts.size() != 1 || !allowed(hosts.getFirst())) {
      return forbidden(
          "the Host header must name this tunnel, one of " + String.join(", ", authorities));
    }
    if (!request.all("origin").isEmpty() || fetchedByPage(request)) {
      return forbidden("requests of web pages are not let into this tunnel");
    }
    var target = originForm(request.target(), hosts.getFirst());
    if (target == null) {
      return refuse(400, "the request target must be a path, or an URL of this host");
    }
    return byMethod(request, target);
  }

  private static Verdict byMethod(RequestHead request, String target) {
    if (request.method().equals("GET") && target.equals(HEALTH_PATH)) {
      return new Verdict.Health();
    }
    if (!request.method().equals("POST")) {
      return refuse(405, "DynamoDB requests are sent with POST");
    }
    for (var expectation : request.all("expect")) {
      if (!expectation.equalsIgnoreCase("100-continue")) {
        return refuse(417, "the only expectation met here is 100-continue");
      }
    }
    return new Verdict.Forward(target);
  }

  private boolean allowed(String host) {
    return authorities.contains(host.toLowerCase(Locale.ROOT));
  }

  /// Browsers send `Sec-Fetch-Site` with each request; `none` means typed by the user.
  private static boolean fetchedByPage(RequestHead request) {
    return request.all("sec-fetch-site").stream().anyMatch(site -> !site.equalsIgnoreCase("none"));
  }

  /// Path and query; null when the target is none of ours. An absolute target must repeat `Host`
  /// (RFC 9112 §3.2.2 lets it override Host, so a difference is somebody's trick).
  private @Nullable String originForm(String uri, String host) {
    if (uri.startsWith("/")) {
      return uri;
    }
    if (!uri.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    var end = uri.length();
    for (int i = SCHEME.length(); i < uri.length(); i++) {
      if (uri.charAt(i) == '/' || uri.charAt(i) == '?') {
        end = i;
        break;
      }
    }
    var authority = uri.substring(SCHEME.length(), end);
    if (!authority.equalsIgnoreCase(host) || !allowed(authority)) {
      return null;
    }
    var rest = uri.substring(end);
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static Set<String> authorities(InetSocketAddress bound) {
    var names = new LinkedHashSet<String>();
    for (var name : List.of("localhost", "127.0.0.1", "[::1]")) {
      add(names, name, bound.getPort());
    }
    var address = bound.getAddress();
    if (address.isLoopbackAddress()) {
      add(names, literal(address), bound.getPort());
    }
    return names;
  }

  private static void add(Set<String> names, String name, int port) {
    names.add(name + ":" + port);
    if (port == HTTP_PORT) {
      names.add(name);
    }
  }

  private static String literal(InetAddress address) {
    var text = address.getHostAddress();
    return text.indexOf(':') < 0 ? text : "[" + text + "]";
  }

  private static Verdict forbidden(String why) {
    return new Verdict.Refuse(LocalAnswers.forbidden(why));
  }

  private static Verdict refuse(int status, String message) {
    return new Verdict.Refuse(LocalAnswers.invalid(status, message));
  }
}
