package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides, from the head of a request alone, whether it may enter the tunnel.
///
/// The listener has no password: whatever reaches it acts as the user. So it must be sure that no
/// web page reaches it. A page can make a browser send requests to loopback, and by DNS rebinding
/// even read the answers; but it cannot make the browser lie in `Host`, leave `Origin` out of a
/// POST, or omit the `Sec-Fetch` headers. No answer carries a CORS header, unless the page's very
/// origin was allowed when the listener was opened.
final class RequestGuard {
  /// Answers a GET, so that scripts can wait for the tunnel.
  static final String HEALTH_PATH = "/healthz";

  private static final String SCHEME = "http://";
  private static final int HTTP_PORT = 80;

  /// What a page may send beyond the simple headers: all that the SDKs need.
  private static final Pattern PREFLIGHT_HEADER =
      Pattern.compile("authorization|content-type|(x-amz|amz-sdk)-[-a-z0-9]{1,40}");

  private final Set<String> authorities;
  private final Set<String> origins;

  /// @param bound where the listener listens
  RequestGuard(InetSocketAddress bound, Admission admission) {
    this.authorities = authorities(bound);
    for (var host : admission.hosts()) {
      if (host.matches(".*:\\d+")) {
        authorities.add(host);
      } else {
        add(authorities, host, bound.getPort());
      }
    }
    this.origins = admission.origins();
  }

  /// What to do with a request.
  sealed interface Verdict {
    /// It goes through the tunnel.
    ///
    /// @param target path and query in origin form
    /// @param grant header lines that let the page of an allowed origin read the answer; empty for
    ///   programs
    record Forward(String target, String grant) implements Verdict {}

    /// A browser asks for the page of an allowed origin whether it may send a request.
    ///
    /// @param grant header lines of the answer
    record Preflight(String grant) implements Verdict {}

    /// It asks whether the tunnel listens.
    record Health() implements Verdict {}

    /// It is answered here, and its connection closed.
    record Refuse(DynamoDbError answer) implements Verdict {}
  }

  Verdict check(RequestHead request) {
    var hosts = request.all("host");
    if (hosts.size() != 1 || !allowed(hosts.getFirst())) {
      return forbidden(
          "the Host header must name this tunnel, one of "
              + String.join(", ", authorities)
              + "; others are let in with --allow-host");
    }
    var origin = request.all("origin");
    var page = !origin.isEmpty() || fetchedByPage(request);
    if (page && (origin.size() != 1 || !origins.contains(origin.getFirst()))) {
      return forbidden(
          "requests of web pages are not let into this tunnel; those of one origin are with"
              + " --allow-origin");
    }
    var target = originForm(request.target(), hosts.getFirst());
    if (target == null) {
      return refuse(400, "the request target must be a path, or an URL of this host");
    }
    return byMethod(request, target, page ? grant(origin.getFirst()) : "");
  }

  private static Verdict byMethod(RequestHead request, String target, String grant) {
    if (request.method().equals("GET") && target.equals(HEALTH_PATH)) {
      return new Verdict.Health();
    }
    if (request.method().equals("OPTIONS") && !grant.isEmpty()) {
      return new Verdict.Preflight(grant + preflight(request));
    }
    if (!request.method().equals("POST")) {
      return refuse(405, "DynamoDB requests are sent with POST");
    }
    for (var expectation : request.all("expect")) {
      if (!expectation.equalsIgnoreCase("100-continue")) {
        return refuse(417, "the only expectation met here is 100-continue");
      }
    }
    return new Verdict.Forward(target, grant);
  }

  private static String grant(String origin) {
    return "Access-Control-Allow-Origin: "
        + origin
        + "\r\nVary: Origin\r\nAccess-Control-Expose-Headers: x-amzn-RequestId, x-amz-crc32\r\n";
  }

  /// Names none that was not asked for, and of those only what a DynamoDB client sends.
  private static String preflight(RequestHead request) {
    var granted =
        request.all("access-control-request-headers").stream()
            .flatMap(value -> Stream.of(value.split(",", -1)))
            .map(name -> name.strip().toLowerCase(Locale.ROOT))
            .filter(name -> PREFLIGHT_HEADER.matcher(name).matches())
            .collect(Collectors.joining(", "));
    var lines = "Access-Control-Allow-Methods: POST\r\nAccess-Control-Max-Age: 600\r\n";
    if (!granted.isEmpty()) {
      lines += "Access-Control-Allow-Headers: " + granted + "\r\n";
    }
    return request.all("access-control-request-private-network").contains("true")
        ? lines + "Access-Control-Allow-Private-Network: true\r\n"
        : lines;
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
    if (!address.isAnyLocalAddress()) {
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
