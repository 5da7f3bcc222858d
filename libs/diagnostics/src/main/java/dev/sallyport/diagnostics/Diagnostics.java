package dev.sallyport.diagnostics;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The diagnostics of one process, at `teleport.diag_addr`:
///
/// * `/healthz`: 200 while the process lives;
/// * `/readyz`: 200, or what is wrong, overall and for each component;
/// * `/metrics`: what the components measure, for Prometheus.
///
/// It listens before the services start, has threads of its own, and answers GET and HEAD to
/// whoever reaches the address: what it tells holds no secret and no name that a user chose. A
/// connection is for one request without a body. At most [#CONNECTIONS_MAX] connections are open,
/// and a request that takes longer than [#REQUEST_MAX] is cut off. Closed by its owner.
public final class Diagnostics implements AutoCloseable {
  /// Connections at one time.
  static final int CONNECTIONS_MAX = 64;

  /// What a request may take, to be read and to be answered.
  static final Duration REQUEST_MAX = Duration.ofSeconds(10);

  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(1);
  private static final int BACKLOG = 16;
  // RFC 9110, sections 5.1 and 5.5.
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern TEXT = Pattern.compile("[\\t\\x20-\\x7e\\x80-\\xff]*");
  private static final Logger LOG = LoggerFactory.getLogger(Diagnostics.class);

  static {
    // The JDK's server reads its limits once, from these.
    limit("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
    limit("sun.net.httpserver.maxReqTime", REQUEST_MAX.toSeconds());
    limit("sun.net.httpserver.maxRspTime", REQUEST_MAX.toSeconds());
  }

  private final HttpServer server;
  private final ExecutorService threads;
  private final LongSupplier nanos;
  private final String version;
  private final Map<ServiceName, Component> components = new ConcurrentHashMap<>();
  private final Map<ServiceName, Readiness> readiness;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Diagnostics(
      HttpServer server,
      Map<ServiceName, Readiness> readiness,
      LongSupplier nanos,
      String version) {
    this.server = server;
    this.readiness = readiness;
    this.nanos = nanos;
    this.version = version;
    this.threads =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("sallyport-diagnostics-", 0).factory());
  }

  private static void limit(String property, long value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, Long.toString(value));
    }
  }

  /// Listens.
  ///
  /// @param expected which services the process will have: all of them count as starting
  /// @param nanos `System::nanoTime`
  /// @throws IOException if the address can't be had
  public static Diagnostics listen(
      InetSocketAddress address, Iterable<ServiceName> expected, LongSupplier nanos, String version)
      throws IOException {
    var readiness = new EnumMap<ServiceName, Readiness>(ServiceName.class);
    expected.forEach(name -> readiness.put(name, new Readiness()));
    var server = HttpServer.create(address, BACKLOG);
    var diagnostics = new Diagnostics(server, readiness, nanos, version);
    server.setExecutor(diagnostics.threads);
    server.createContext("/", diagnostics::answer);
    server.start();
    diagnostics.threads.execute(diagnostics::look);
    return diagnostics;
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /// A service is there; it is asked from now on.
  public void add(ServiceName name, Component component) {
    components.put(name, component);
  }

  private void look() {
    try {
      do {
        observe();
      } while (!closed.await(LOOKED_AT_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void observe() {
    readiness.forEach((name, ready) -> {
      var component = components.get(name);
      ready.observed(component != null && healthy(name, component), nanos.getAsLong());
    });
  }

  private static boolean healthy(ServiceName name, Component component) {
    try {
      return component.healthy();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).addKeyValue("component", name).log("a component can't be asked");
      return false;
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getResponseHeaders().set("Connection", "close");
      if (!isClear(exchange.getRequestHeaders())) {
        send(exchange, 400, "text/plain", "only requests without a body, in plain HTTP/1.1\n");
        return;
      }
      var method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, "text/plain", "only GET and HEAD\n");
        return;
      }
      switch (exchange.getRequestURI().getPath()) {
        case "/healthz" -> send(exchange, 200, "application/json", "{\"status\":\"ok\"}\n");
        case "/readyz" -> ready(exchange);
        case "/metrics" ->
            send(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics());
        case null, default -> send(exchange, 404, "text/plain", "not found\n");
      }
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("diagnostics could not be told");
      throw e;
    }
  }

  /// Whether nobody could take the request's end for another one: it has no body, and its headers
  /// hold nothing that readers of HTTP disagree about. The JDK's reader is a generous one.
  private static boolean isClear(Headers headers) {
    return !headers.containsKey("Transfer-Encoding")
        && headers.getOrDefault("Content-Length", List.of("0")).equals(List.of("0"))
        && headers.entrySet().stream()
            .allMatch(header ->
                TOKEN.matcher(header.getKey()).matches()
                    && header.getValue().stream().allMatch(TEXT.asMatchPredicate()));
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var headers = exchange.getResponseHeaders();
    headers.set("Content-Type", type);
    headers.set("Cache-Control", "no-store");
    headers.set("X-Content-Type-Options", "nosniff");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private void ready(HttpExchange exchange) throws IOException {
    var worst =
        readiness.values().stream()
            .map(Readiness::state)
            .max(Comparator.naturalOrder())
            .orElse(ComponentState.OK);
    var each =
        readiness.entrySet().stream()
            .map(one ->
                "\"%s\":\"%s\"".formatted(one.getKey().word(), one.getValue().state().word()))
            .collect(Collectors.joining(","));
    send(
        exchange,
        worst.httpStatus(),
        "application/json",
        "{\"status\":\"%s\",\"pid\":%d,\"components\":{%s}}\n"
            .formatted(worst.message(), ProcessHandle.current().pid(), each));
  }

  private synchronized String metrics() {
    var out = new MetricText();
    ProcessMetrics.write(out, version, ManagementFactory.getRuntimeMXBean().getStartTime());
    var state =
        out.gauge(
            "process_state",
            "How ready each component is: 0 ok, 1 recovering, 2 degraded, 3 starting.");
    readiness.forEach((name, ready) ->
        state.sample(ready.state().number(), new MetricText.Label("component", name)));
    new EnumMap<>(components).values().forEach(component -> component.measure(out));
    return out.toString();
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
