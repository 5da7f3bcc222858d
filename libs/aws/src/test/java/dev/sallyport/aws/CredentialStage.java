package dev.sallyport.aws;

import ch.qos.logback.classic.Logger;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sallyport.aws.OwnCredentials.Resolved;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/// A place where a service looks for its credentials: an environment, a home folder, and a server
/// that plays whatever gives credentials over HTTP. The clock stands until it is moved.
final class CredentialStage implements AutoCloseable {
  /// What came.
  record Call(String method, String path, Map<String, String> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
  }

  /// What is answered.
  record Reply(int status, String body, Map<String, String> headers) {
    static Reply of(int status, String body) {
      return new Reply(status, body, Map.of());
    }
  }

  static final Owner OWNER = new Owner("Database Service", "sallyport-agent");
  static final String SECRET = "canary-secret";
  final Map<String, String> env = new TreeMap<>();
  final List<Call> calls = new CopyOnWriteArrayList<>();
  final Path home;
  Function<Call, Reply> server = call -> Reply.of(404, "");
  StsPlace place = StsPlace.of("us-east-1");
  Instant now = Instant.now();
  private final HttpServer http;
  private @Nullable OwnCredentials made;
  private @Nullable StsCalls sts;

  CredentialStage(Path home) throws IOException {
    this(home, Optional.empty());
  }

  CredentialStage(Path home, Optional<SSLContext> tls) throws IOException {
    this.home = home;
    quiet();
    var where = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (tls.isPresent()) {
      var https = HttpsServer.create(where, 0);
      https.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
      http = https;
    } else {
      http = HttpServer.create(where, 0);
    }
    http.createContext("/", this::answer);
    http.start();
    env.put("HOME", home.toString());
    env.put("AWS_EC2_METADATA_DISABLED", "true");
  }

  /// The log of the chain, which these tests fill, and which goes nowhere else.
  static Logger quiet() {
    var log = (Logger) LoggerFactory.getLogger(OwnCredentials.class);
    log.setAdditive(false);
    return log;
  }

  private void answer(HttpExchange exchange) throws IOException {
    var headers = new TreeMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    var call =
        new Call(
            exchange.getRequestMethod(),
            exchange.getRequestURI().toString(),
            headers,
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    calls.add(call);
    var reply = server.apply(call);
    var bytes = reply.body.getBytes(StandardCharsets.UTF_8);
    reply.headers.forEach(exchange.getResponseHeaders()::add);
    exchange.sendResponseHeaders(reply.status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  String address() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  int port() {
    return http.getAddress().getPort();
  }

  /// Writes a file below the home folder.
  Path file(String name, String text) throws IOException {
    var file = home.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /// Nobody answers any more.
  void silence() {
    http.stop(0);
  }

  Resolved resolve() throws IOException {
    return chain().resolve();
  }

  private OwnCredentials chain() throws IOException {
    var credentials = made;
    if (credentials == null) {
      var settings = AwsSettings.of(env);
      var calls = new StsCalls(settings);
      credentials = OwnCredentials.of(OWNER, settings, calls, () -> place, () -> now);
      sts = calls;
      made = credentials;
    }
    return credentials;
  }

  /// A role by what the chain gives.
  TakenRole taken(TakenRole.Role role) throws IOException {
    var chain = chain();
    return TakenRole.of(role, chain, Objects.requireNonNull(sts), () -> place, () -> now);
  }

  /// Time passes.
  void later(Duration time) {
    now = now.plus(time);
  }

  AwsCredentials found() throws IOException {
    return switch (resolve()) {
      case Resolved.Found found -> found.credentials();
      case Resolved.Missing missing -> throw new AssertionError(missing.reason());
    };
  }

  Resolved.Missing missing() throws IOException {
    return switch (resolve()) {
      case Resolved.Found found -> throw new AssertionError("found " + found.credentials());
      case Resolved.Missing missing -> missing;
    };
  }

  /// What a metadata service gives.
  String keys(String id, Duration life) {
    return """
    {"Code":"Success","Type":"AWS-HMAC","LastUpdated":"%s","AccessKeyId":"%s",
     "SecretAccessKey":"%s","Token":"t-%s","Expiration":"%s","RoleArn":"r"}
    """
        .formatted(
            now.truncatedTo(ChronoUnit.SECONDS),
            id,
            SECRET,
            id,
            now.plus(life).truncatedTo(ChronoUnit.SECONDS));
  }

  @Override
  public void close() {
    http.stop(0);
    if (made != null) {
      made.close();
    }
    if (sts != null) {
      sts.close();
    }
  }
}
