package dev.sallyport.proxy.web;

import dev.sallyport.http.RequestDeadline;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.WindowRateControl;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ProxyConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.MinimumDataRateHandler;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/// The web server behind the port. It listens on two Unix sockets in a folder of this user alone,
/// one for each protocol that the TLS handshake may have chosen, and learns the client's address
/// from the PROXY header that the port writes first on each connection. Requests run on virtual
/// threads.
///
/// Every size and wait that a client could stretch has a bound here; what a request body may be is
/// the routes' business. Started by its factory; close it when the port takes no more connections.
public final class WebServer implements AutoCloseable {
  /// Request line and headers together.
  static final int REQUEST_HEADER_BYTES_MAX = 16 * 1024;

  private static final int RESPONSE_HEADER_BYTES_MAX = 16 * 1024;

  /// Slower request bodies are cut off.
  private static final int BODY_BYTES_PER_SECOND_MIN = 256;

  private static final int STREAMS_MAX = 64;

  /// Resets, pings, settings and the like per second and connection; more is a flood.
  private static final int CONTROL_FRAMES_PER_SECOND_MAX = 64;

  private static final Duration STOP_WITHIN = Duration.ofSeconds(3);
  private static final int BACKLOG = 1024;

  private final SocketFolder folder;
  private final Javalin javalin;

  /// How long a connection may keep us waiting.
  ///
  /// @param silence without a byte either way
  /// @param request in no request, whatever bytes come: before the first one is whole, or after one
  public record Patience(Duration silence, Duration request) {
    /// 30 s, 45 s.
    public static final Patience DEFAULT =
        new Patience(Duration.ofSeconds(30), Duration.ofSeconds(45));
  }

  private WebServer(SocketFolder folder, Javalin javalin) {
    this.folder = folder;
    this.javalin = javalin;
  }

  /// Starts a server with these routes, its sockets under the data folder.
  public static WebServer start(Path dataFolder, Consumer<RoutesConfig> routes) throws IOException {
    return start(dataFolder, Patience.DEFAULT, routes);
  }

  /// Starts one that waits for its clients no longer than this.
  public static WebServer start(Path dataFolder, Patience patience, Consumer<RoutesConfig> routes)
      throws IOException {
    var folder = SocketFolder.open(dataFolder);
    try {
      var javalin = Javalin.create(config -> configure(config, folder, patience, routes));
      return new WebServer(folder, javalin.start());
    } catch (RuntimeException e) {
      folder.close();
      throw new IOException("web server: " + e.getMessage(), e);
    }
  }

  private static void configure(
      JavalinConfig config, SocketFolder folder, Patience patience, Consumer<RoutesConfig> routes) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.concurrency.useVirtualThreads = true;
    config.http.compressionStrategy = io.javalin.compression.CompressionStrategy.NONE;
    config.http.generateEtags = false;
    config.http.prefer405over404 = true;
    config.jetty.modifyServer(server -> {
      server.setStopTimeout(STOP_WITHIN.toMillis());
      server.setHandler(
          new RequestDeadline(
              patience.request(), new MinimumDataRateHandler(BODY_BYTES_PER_SECOND_MIN, 0)));
    });
    config.jetty.addConnector((server, http) ->
        connector(
            server, new HttpConnectionFactory(bounded(http, patience)), http1(folder), patience));
    config.jetty.addConnector((server, http) ->
        connector(server, http2(bounded(http, patience)), http2(folder), patience));
    config.jetty.modifyWebSocketServletFactory(ConnectionUpgrade::bound);
    new ConnectionUpgrade(upgraded(folder)).addTo(config.routes);
    routes.accept(config.routes);
  }

  private static HttpConfiguration bounded(HttpConfiguration from, Patience patience) {
    var http = new HttpConfiguration(from);
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(REQUEST_HEADER_BYTES_MAX);
    http.setResponseHeaderSize(RESPONSE_HEADER_BYTES_MAX);
    http.setIdleTimeout(patience.silence().toMillis());
    // A bare line feed ends no line.
    http.setHttpCompliance(HttpCompliance.STRICT);
    // TLS ended in front of us: links and cookies must be made for https.
    http.addCustomizer((request, headers) -> SecureRequest.of(request));
    return http;
  }

  private static HTTP2CServerConnectionFactory http2(HttpConfiguration http) {
    var factory = new HTTP2CServerConnectionFactory(http);
    factory.setMaxConcurrentStreams(STREAMS_MAX);
    factory.setConnectProtocolEnabled(false);
    factory.setRateControlFactory(new WindowRateControl.Factory(CONTROL_FRAMES_PER_SECOND_MAX));
    return factory;
  }

  private static UnixDomainServerConnector connector(
      Server server, ConnectionFactory protocol, Path socket, Patience patience) {
    var connector =
        new UnixDomainServerConnector(
            server, 1, 1, new ProxyConnectionFactory(protocol.getProtocol()), protocol);
    connector.setUnixDomainPath(socket);
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(patience.silence().toMillis());
    return connector;
  }

  private static Path http1(SocketFolder folder) {
    return folder.socket("http1.sock");
  }

  private static Path http2(SocketFolder folder) {
    return folder.socket("http2.sock");
  }

  private static UnixDomainSocketAddress upgraded(SocketFolder folder) {
    return UnixDomainSocketAddress.of(folder.socket("upgraded.sock"));
  }

  /// Where the port has to listen for connections that clients upgraded ([ConnectionUpgrade]); each
  /// begins with a PROXY header.
  public UnixDomainSocketAddress upgraded() {
    return upgraded(folder);
  }

  /// Where connections go that chose HTTP/1.1, or nothing.
  public UnixDomainSocketAddress http1() {
    return UnixDomainSocketAddress.of(http1(folder));
  }

  /// Where connections go that chose HTTP/2.
  public UnixDomainSocketAddress http2() {
    return UnixDomainSocketAddress.of(http2(folder));
  }

  /// Answers what has begun, for three seconds at most, and stops.
  @Override
  public void close() {
    javalin.stop();
    try {
      folder.close();
    } catch (IOException e) {
      throw new UncheckedIOException("sockets of the web server", e);
    }
  }
}
