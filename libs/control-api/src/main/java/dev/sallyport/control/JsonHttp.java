package dev.sallyport.control;

import dev.sallyport.model.Durations;
import dev.sallyport.pki.PeerRefused;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// JSON over HTTP/1.1 to one server: every answer bounded in size and time, every failure a
/// [ControlException] that names the server.
final class JsonHttp implements AutoCloseable {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /// How long the head of an endless answer is waited for. Nothing is computed for it, so a server
  /// that takes longer hangs, and another try may find one that does not.
  static final Duration OPEN_TIMEOUT = Duration.ofSeconds(5);

  /// Thrown when an answer is too long, out of the HTTP client's own threads.
  static final class TooLong extends IOException {
    private static final long serialVersionUID = 1L;

    TooLong(int limit) {
      super("the answer is longer than " + limit + " bytes");
    }
  }

  /// A client and the context that it was made for.
  private record Made(SSLContext tls, HttpClient client) {}

  private final Supplier<SSLContext> tls;
  private final SSLParameters parameters = new SSLParameters();
  private final Way way;
  private final String server;
  private final Duration answerTimeout;
  private volatile Made made;
  private boolean closed;

  JsonHttp(URI base, String server, SSLContext tls, List<String> tlsVersions) {
    this(
        Way.straight(new ControlEndpoint(base.getHost(), port(base))),
        server,
        () -> tls,
        tlsVersions,
        ANSWER_TIMEOUT);
  }

  private static int port(URI base) {
    return base.getPort() < 0 ? 443 : base.getPort();
  }

  /// @param way where the server is dialled
  /// @param tls asked at each call; with another context than before, new connections are made and
  ///   the old ones end with what is under way on them
  JsonHttp(
      Way way,
      String server,
      Supplier<SSLContext> tls,
      List<String> tlsVersions,
      Duration answerTimeout) {
    this.way = way;
    this.server = server;
    this.answerTimeout = answerTimeout;
    this.tls = tls;
    parameters.setProtocols(tlsVersions.toArray(String[]::new));
    this.made = make(tls.get());
  }

  private Made make(SSLContext context) {
    return new Made(
        context,
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .sslContext(context)
            .sslParameters(parameters)
            .build());
  }

  private HttpClient http() {
    var now = tls.get();
    var known = made;
    if (known.tls().equals(now)) {
      return known.client();
    }
    synchronized (this) {
      if (!made.tls().equals(now) && !closed) {
        made.client().shutdown();
        made = make(now);
      }
      return made.client();
    }
  }

  <T> T get(String path, Class<T> answer) {
    return read(send("GET", path, null), answer);
  }

  <T> T call(String method, String path, Object body, Class<T> answer) {
    return read(send(method, path, ControlJson.bytes(body)), answer);
  }

  /// Sends what is no JSON.
  <T> T post(String path, String contentType, byte[] body, Class<T> answer) {
    return read(send(() -> request("POST", path, contentType, body)), answer);
  }

  void run(String method, String path, @Nullable Object body) {
    var _ = send(method, path, body == null ? null : ControlJson.bytes(body));
  }

  /// Opens an answer that does not end; its status is checked before.
  WatchStream stream(String path, Duration silence) {
    var response =
        await(
            () -> bare("GET", path).build(),
            info -> new WatchStream(info.statusCode(), server, silence),
            openTimeout());
    var stream = response.body();
    if (response.statusCode() != 200) {
      try (stream) {
        throw refusal(response.statusCode(), stream.rest());
      }
    }
    return stream;
  }

  private byte[] send(String method, String path, byte @Nullable [] body) {
    return send(
        () -> body == null ? bare(method, path) : request(method, path, "application/json", body));
  }

  private byte[] send(Supplier<HttpRequest.Builder> request) {
    var response =
        await(
            () -> request.get().build(),
            info -> new BoundedBody(ControlJson.MAX_BODY),
            answerTimeout);
    if (response.statusCode() / 100 != 2) {
      throw refusal(response.statusCode(), response.body());
    }
    return response.body();
  }

  private HttpRequest.Builder bare(String method, String path) {
    return HttpRequest.newBuilder(way.now().uri().resolve(path))
        .header("Accept", "application/json")
        .method(method, HttpRequest.BodyPublishers.noBody());
  }

  private HttpRequest.Builder request(String method, String path, String type, byte[] body) {
    return bare(method, path)
        .header("Content-Type", type)
        .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private Duration openTimeout() {
    return answerTimeout.compareTo(OPEN_TIMEOUT) < 0 ? answerTimeout : OPEN_TIMEOUT;
  }

  /// Where TLS failed, nothing was asked yet: then another way may do.
  private <T> HttpResponse<T> await(
      Supplier<HttpRequest> request, HttpResponse.BodyHandler<T> handler, Duration limit) {
    try {
      return once(request.get(), handler, limit);
    } catch (ControlException e) {
      if (cause(e, SSLException.class).isPresent() && way.lookAgain()) {
        return once(request.get(), handler, limit);
      }
      throw e;
    }
  }

  private <T> HttpResponse<T> once(
      HttpRequest request, HttpResponse.BodyHandler<T> handler, Duration limit) {
    var future = send(request, handler);
    try {
      return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      var cause = e.getCause();
      throw unreachable(cause == null ? e : cause);
    } catch (TimeoutException e) {
      future.cancel(true);
      throw new ControlException(
          ErrorKind.UNAVAILABLE, server + " did not answer within " + Durations.format(limit), e);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw new ControlException(ErrorKind.UNAVAILABLE, "interrupted while asking " + server, e);
    }
  }

  /// One that was just replaced takes no more calls: then its successor does.
  private <T> CompletableFuture<HttpResponse<T>> send(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    var client = http();
    var future = client.sendAsync(request, handler);
    return future.isCompletedExceptionally() && !http().equals(client)
        ? http().sendAsync(request, handler)
        : future;
  }

  private <T> T read(byte[] body, Class<T> type) {
    try {
      var value = ControlJson.ANSWERS.readValue(body, type);
      if (value != null) {
        return value;
      }
      throw new ControlException(ErrorKind.INTERNAL, server + " answered with null");
    } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
      throw new ControlException(
          ErrorKind.INTERNAL,
          server + " answered what is not " + type.getSimpleName() + "; is it a Sallyport server?",
          e);
    }
  }

  private ControlException refusal(int status, byte[] body) {
    try {
      var error = ControlJson.ANSWERS.readValue(body, ErrorBody.class);
      if (error != null) {
        var kind = ErrorKind.parse(error.error().kind()).orElse(ErrorKind.ofStatus(status));
        return new ControlException(kind, error.error().message());
      }
    } catch (JacksonException | NullPointerException | IllegalArgumentException e) {
      return new ControlException(ErrorKind.ofStatus(status), unexplained(status), e);
    }
    return new ControlException(ErrorKind.ofStatus(status), unexplained(status));
  }

  private String unexplained(int status) {
    return server + " answered with HTTP status " + status + " and no reason";
  }

  private ControlException unreachable(Throwable cause) {
    var refused = PeerRefused.in(cause);
    String why;
    if (refused.isPresent()) {
      why = server + " is not trusted: " + refused.get().getMessage();
    } else if (cause(cause, UnresolvedAddressException.class).isPresent()) {
      why = "the host name of " + server + " cannot be resolved";
    } else if (cause(cause, HttpTimeoutException.class).isPresent()) {
      why = server + " did not answer in time";
    } else if (cause(cause, SSLException.class).isPresent()) {
      why = "no secure connection to " + server + ": " + text(cause);
    } else if (cause(cause, TooLong.class).isPresent()) {
      why = server + ": " + text(cause);
    } else {
      why = "cannot reach " + server + ": " + text(cause);
    }
    return new ControlException(ErrorKind.UNAVAILABLE, why, cause);
  }

  private static String text(Throwable cause) {
    for (Throwable at = cause; at != null; at = at.getCause()) {
      if (at.getMessage() != null) {
        return at.getMessage();
      }
    }
    return cause instanceof ConnectException
        ? "connection refused"
        : cause.getClass().getSimpleName();
  }

  private static <X extends Throwable> Optional<X> cause(Throwable start, Class<X> type) {
    var depth = 0;
    for (Throwable at = start; at != null && depth < 20; at = at.getCause()) {
      if (type.isInstance(at)) {
        return Optional.of(type.cast(at));
      }
      depth++;
    }
    return Optional.empty();
  }

  /// Ends all that is under way.
  @Override
  public synchronized void close() {
    closed = true;
    made.client().shutdownNow();
  }
}
