package dev.sallyport.proxy.web;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorBody;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.proxy.browser.BrowserApi;
import dev.sallyport.proxy.browser.BrowserDesk;
import dev.sallyport.proxy.browser.Door;
import dev.sallyport.proxy.browser.NotSignedIn;
import dev.sallyport.proxy.browser.api.ClusterView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All routes of the web door, and how each refusal is told: as JSON to programs, as a page to
/// people. Limits by address come before any work; the address is the one in the PROXY header that
/// the port wrote, and no header of the client's can change it.
public final class WebRoutes {
  private static final Logger log = LoggerFactory.getLogger(WebRoutes.class);

  private static final String JSON = "application/json";
  private static final int UNAUTHORIZED = 401;
  private static final int SHORT_BODY = 64 << 10;
  private static final Door DOOR =
      new Door() {
        @Override
        public InetAddress client(Context context) {
          return WebRoutes.client(context);
        }

        @Override
        public byte[] json(Context context) {
          return RequestBody.read(context, JSON);
        }

        @Override
        public void limit(Context context, AddressLimiter limiter) {
          WebRoutes.limit(context, limiter);
        }
      };
  private static final String ADDRESS = "sallyport.client";

  private final Supplier<WebFacts> facts;
  private final WebApi api;
  private final AppFiles files = new AppFiles();
  private final BrowserApi browser;
  private final AddressLimiter everything = new AddressLimiter(Rate.WEB);
  private final byte[] styleSheet;

  /// The routes of one Proxy. The facts are asked for at each request, since the port may not be
  /// known before.
  public WebRoutes(
      Supplier<WebFacts> facts, AuthDesk desk, BrowserDesk browsers, InstantSource clock) {
    this.facts = facts;
    this.api = new WebApi(desk);
    this.browser = new BrowserApi(() -> cluster(facts.get()), browsers, clock);
    this.styleSheet = resource("pages.css");
  }

  private static ClusterView cluster(WebFacts facts) {
    return new ClusterView(
        facts.clusterName(),
        facts.proxyAddress(),
        facts.version(),
        facts.preference().messageOfTheDay());
  }

  private static byte[] resource(String name) {
    try (var in = Objects.requireNonNull(WebRoutes.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }

  /// Adds them to a server.
  public void addTo(RoutesConfig routes) {
    routes.before(this::admit);
    for (var version : new String[] {"", "/v1"}) {
      routes.get(version + "/webapi/find", context -> json(context, Discovery.find(facts.get())));
      routes.get(version + "/webapi/ping", context -> json(context, Discovery.ping(facts.get())));
      routes.get(version + "/webapi/ping/{connector}", this::pingOne);
      routes.get(
          version + "/webapi/motd",
          context -> json(context, Discovery.messageOfTheDay(facts.get())));
      routes.post(version + "/webapi/mfa/login/begin", api::beginLogin);
      routes.post(version + "/webapi/mfa/login/finish", api::login);
      routes.post(version + "/webapi/console/login", api::startConsole);
      routes.post(version + "/webapi/console/login/{id}/cancel", api::cancelConsole);
      routes.post(version + "/webapi/host/join", api::join);
      routes.post(version + "/webapi/host/join/challenge", api::joinChallenge);
    }
    browser.addTo(routes, DOOR);
    routes.get(Page.STYLE_PATH, this::styleSheet);
    files.addTo(routes);
    refusals(routes);
  }

  private void refusals(RoutesConfig routes) {
    routes.exception(ControlException.class, (e, context) -> refuse(context, e));
    routes.exception(
        NotSignedIn.class,
        (e, context) -> {
          var reason = Objects.requireNonNullElse(e.getMessage(), "");
          refuse(context, new ControlException(ErrorKind.ACCESS_DENIED, reason));
          context.status(UNAUTHORIZED);
        });
    routes.exception(
        BadRequest.class,
        (e, context) ->
            refuse(
                context,
                new ControlException(
                    ErrorKind.BAD_PARAMETER, Objects.requireNonNullElse(e.getMessage(), ""))));
    routes.exception(
        Exception.class,
        (e, context) -> {
          log.atError().setCause(e).log("a web request failed by a fault of ours");
          refuse(
              context,
              new ControlException(ErrorKind.INTERNAL, "the Proxy failed; its log says more"));
        });
    routes.exception(
        HttpResponseException.class,
        (e, context) -> {
          var kind = ErrorKind.ofStatus(e.getStatus());
          refuse(context, new ControlException(kind, said(kind)));
          context.status(e.getStatus());
        });
  }

  private static String said(ErrorKind kind) {
    return kind == ErrorKind.NOT_FOUND ? "there is nothing here" : "this is not served here";
  }

  /// Before every route.
  private void admit(Context context) {
    SecurityHeaders.set(context);
    context.attribute(ADDRESS, address(context));
    limit(context, everything);
  }

  private static InetAddress address(Context context) {
    var told = context.req().getRemoteAddr();
    try {
      return InetAddress.ofLiteral(told);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw new ControlException(ErrorKind.INTERNAL, "the client's address is unknown", e);
    }
  }

  /// The client's address.
  static InetAddress client(Context context) {
    return Objects.requireNonNull(context.<InetAddress>attribute(ADDRESS), "client address");
  }

  /// Takes one try of the client, or refuses.
  static void limit(Context context, AddressLimiter limiter) {
    if (!limiter.tryAcquire(client(context))) {
      throw new ControlException(
          ErrorKind.LIMIT_EXCEEDED, "too many requests from your address; wait a moment");
    }
  }

  private void pingOne(Context context) {
    if (!context.pathParam("connector").equals(Discovery.LOCAL)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "invalid connector name: "
              + context.pathParam("connector")
              + "; valid options: "
              + Discovery.LOCAL);
    }
    json(context, Discovery.ping(facts.get()));
  }

  private static void json(Context context, byte[] body) {
    context.contentType(JSON).result(body);
  }

  /// Answers with a page.
  static void html(Context context, String page) {
    context.contentType("text/html; charset=utf-8").result(page);
  }

  private void styleSheet(Context context) {
    context.header("Cache-Control", "public, max-age=3600");
    context.contentType("text/css; charset=utf-8").result(styleSheet);
  }

  private void refuse(Context context, ControlException e) {
    context.status(e.kind().status());
    if (e.kind() == ErrorKind.LIMIT_EXCEEDED) {
      // Nobody waits for the body of who sends too much.
      context.header("Retry-After", "2");
    } else {
      takeBody(context);
    }
    if (isForPrograms(context)) {
      context.contentType(JSON).result(ControlJson.bytes(ErrorBody.of(e)));
    } else {
      html(context, Page.message(title(e.kind()), facts.get().clusterName(), e.reason()));
    }
  }

  /// Over HTTP/2 an answer before the body's end is followed by a reset, for which some clients
  /// forget the answer. A short body is waited for, at the rate that all clients must keep.
  private static void takeBody(Context context) {
    try {
      context.req().getInputStream().readNBytes(SHORT_BODY);
    } catch (IOException | IllegalStateException e) {
      // The client is gone, or the body was read as something else.
    }
  }

  private static boolean isForPrograms(Context context) {
    var path = context.path();
    return path.startsWith("/webapi/") || path.startsWith("/v1/");
  }

  private static String title(ErrorKind kind) {
    return switch (kind) {
      case NOT_FOUND -> "Not found";
      case LIMIT_EXCEEDED -> "Too many requests";
      case UNAVAILABLE -> "Not available right now";
      case INTERNAL -> "Something went wrong";
      case ALREADY_EXISTS, BAD_PARAMETER, ACCESS_DENIED, MFA_REQUIRED, COMPARE_FAILED ->
          "That did not work";
    };
  }
}
