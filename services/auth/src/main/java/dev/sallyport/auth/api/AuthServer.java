package dev.sallyport.auth.api;

import dev.sallyport.auth.access.Access;
import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.access.Origin;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ControlJson;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.http.RequestDeadline;
import dev.sallyport.pki.TlsIdentity;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.javalin.router.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listener: TLS 1.3 with a client certificate and the protocol name `teleport-auth`, then
/// HTTP/1.1, each call on a virtual thread. Everything that a peer can make large is bounded.
public final class AuthServer implements AutoCloseable {
  /// The ALPN name under which the Auth Service is asked for.
  public static final String PROTOCOL = "teleport-auth";

  private static final Logger LOG = LoggerFactory.getLogger(AuthServer.class);
  private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";
  private static final int CONNECTIONS_MAX = 4096;

  /// Slower request bodies are cut off.
  private static final int BODY_BYTES_PER_SECOND_MIN = 256;

  private final Javalin app;
  private final int port;

  private AuthServer(Javalin app, int port) {
    this.app = app;
    this.port = port;
  }

  /// Listens.
  ///
  /// @param identity of this host in the role Auth; asked for at each handshake
  /// @param patience with its clients
  /// @throws IOException if the address can't be had; the message says which and why
  public static AuthServer start(
      InetSocketAddress address,
      Supplier<TlsIdentity> identity,
      AuthParts parts,
      AuthPatience patience,
      InstantSource clock)
      throws IOException {
    var strangers = new StrangerLog(parts.audit().trail());
    var who = parts.who();
    var listener =
        new AuthListener(identity, who.verifier(), who.peers(), strangers, patience, clock);
    var gate = parts.gate(strangers);
    var app =
        Javalin.create(config -> {
          configure(config, patience);
          config.jetty.addConnector((server, http) -> listener.connector(server, http, address));
          for (var route : parts.routes()) {
            config.routes.addEndpoint(
                new Endpoint(
                    route.method(), route.path(), exchange -> handle(exchange, route, gate)));
          }
          config.routes.exception(
              Exception.class, (e, exchange) -> ErrorAnswers.answer(exchange, ErrorAnswers.of(e)));
          config.routes.error(HttpStatus.NOT_FOUND.getCode(), AuthServer::noRoute);
        });
    try {
      app.start();
      var connector = (ServerConnector) app.jettyServer().server().getConnectors()[0];
      return new AuthServer(app, connector.getLocalPort());
    } catch (RuntimeException e) {
      app.stop();
      throw new IOException(
          "the Auth Service can't listen on %s:%d: %s (is another one running there? else set"
                  .formatted(address.getHostString(), address.getPort(), rootCause(e))
              + " auth_service.listen_addr)",
          e);
    }
  }

  /// Where it listens.
  public int port() {
    return port;
  }

  @Override
  public void close() {
    app.stop();
  }

  private static void configure(JavalinConfig config, AuthPatience patience) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.concurrency.useVirtualThreads = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.maxRequestSize = ControlJson.MAX_BODY;
    config.jetty.modifyServer(server -> {
      server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, server));
      server.setHandler(
          new RequestDeadline(
              patience.request(), new MinimumDataRateHandler(BODY_BYTES_PER_SECOND_MIN, 0)));
    });
  }

  private static void handle(Context exchange, RouteEntry route, Gate gate) {
    var address = exchange.req().getRemoteAddr();
    var who = Optional.<Caller>empty();
    var admitted = false;
    try {
      Caller caller = gate.identify(chain(exchange));
      who = Optional.of(caller);
      address = from(caller, address);
      gate.admit(caller, route);
      admitted = true;
      Origin.of(address, () -> route.work().run(new Call(caller, exchange)))
          .ifPresent(
              answer -> exchange.contentType("application/json").result(ControlJson.bytes(answer)));
    } catch (Exception e) {
      if (exchange.res().isCommitted()) {
        LOG.atDebug().setCause(e).log("a stream ended");
        return;
      }
      var error = ErrorAnswers.of(e);
      // What strangers may ask for writes its refusals down itself.
      var written =
          admitted && (route.access() == Access.PROXY || route.access() == Access.JOINING);
      if (error.kind() == ErrorKind.ACCESS_DENIED && !written) {
        gate.refused(who, address, error);
      }
      ErrorAnswers.answer(exchange, error);
    }
  }

  /// A Proxy calls for the browsers of the web UI; where the browser is stands in the certificate.
  private static String from(Caller caller, String peer) {
    return caller instanceof Caller.Web web
        ? web.user().identity().loginAddress().orElse(peer)
        : peer;
  }

  private static List<X509Certificate> chain(Context exchange) {
    return exchange.req().getAttribute(CERTIFICATES) instanceof X509Certificate[] certificates
        ? List.of(certificates)
        : List.of();
  }

  private static void noRoute(Context exchange) {
    if (!"application/json".equals(exchange.res().getContentType())) {
      ErrorAnswers.answer(
          exchange, new ControlException(ErrorKind.NOT_FOUND, "there is no such route"));
    }
  }

  private static String rootCause(Throwable e) {
    var cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }
}
