package dev.sallyport.auth.join.aws;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A server in the place of STS that says what a test tells it to, and keeps what it was asked. It
/// verifies nothing.
final class StsScript implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  final List<Asked> asked = new CopyOnWriteArrayList<>();
  volatile Answer answer = exchange -> json(exchange, identity("arn:aws:iam::123456789012:root"));

  record Asked(String line, Map<String, List<String>> headers, String body) {}

  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  StsScript() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    var headers = new TreeMap<String, List<String>>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(exchange.getRequestHeaders());
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(
        new Asked(exchange.getRequestMethod() + " " + exchange.getRequestURI(), headers, body));
    answer.to(exchange);
    exchange.close();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  static String identity(String arn) {
    return identity(arn, arn.split(":")[4]);
  }

  static String identity(String arn, String account) {
    return """
    {"GetCallerIdentityResponse":{"GetCallerIdentityResult":{"Account":"%s","Arn":"%s",\
    "UserId":"AIDA"},"ResponseMetadata":{"RequestId":"1-2"}}}\
    """
        .formatted(account, arn);
  }

  static void json(HttpExchange exchange, String body) throws IOException {
    send(exchange, 200, "application/json", body);
  }

  static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
