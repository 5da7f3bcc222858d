package dev.sallyport.auth.join.aws;

import dev.sallyport.control.CallerIdentityCall;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.AwsPrincipal;
import dev.sallyport.pki.DialledHostTrust;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Asks STS whose signature it is. Dials nobody but STS, follows no redirect, and believes an
/// answer only if it is 200, JSON, short and of the one shape. Blocks; each call has an end, and
/// only a few are under way at a time.
final class StsDoor {
  /// How long a call may take, usually.
  static final Duration USUAL_LIMIT = Duration.ofSeconds(10);

  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final int CALLS_MAX = 16;
  private static final int OK = 200;
  private static final Pattern JSON =
      Pattern.compile("application/(x-amz-)?json(;.*)?", Pattern.CASE_INSENSITIVE);

  /// AWS words refusals as JSON or, whatever was asked for, as XML.
  private static final Pattern ERROR_CODE =
      Pattern.compile("(?:\"Code\"\\s{0,4}:\\s{0,4}\"|<Code>)([A-Za-z]{1,64})[\"<]");

  private final SystemTrust trust;
  private final Duration limit;
  private final Semaphore calls = new Semaphore(CALLS_MAX);

  /// @param limit of a call as a whole
  StsDoor(SystemTrust trust, Duration limit) {
    this.trust = trust;
    this.limit = limit;
  }

  /// Who signed.
  ///
  /// @param headers all but `Host`
  /// @throws ControlException of kind ACCESS_DENIED if AWS does not accept the signature, of kind
  ///   UNAVAILABLE if there is no answer to be believed
  AwsPrincipal ask(StsHost host, Map<String, String> headers) {
    if (!calls.tryAcquire()) {
      throw new ControlException(
          ErrorKind.UNAVAILABLE, "too many hosts join at this moment; try again later");
    }
    try {
      return read(host, send(host.uri(), headers));
    } finally {
      calls.release();
    }
  }

  private HttpResponse<byte[]> send(URI uri, Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(uri.resolve("/"))
            .timeout(limit)
            .POST(HttpRequest.BodyPublishers.ofString(CallerIdentityCall.BODY));
    headers.forEach(request::header);
    try (var client = client()) {
      var answer =
          client.sendAsync(
              request.build(),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), CallerIdentity.LENGTH_MAX));
      try {
        return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw unavailable(uri, e.getCause() instanceof IOException cause ? cause : e);
      } catch (TimeoutException e) {
        throw unavailable(uri, e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw unavailable(uri, e);
      } finally {
        client.shutdownNow();
      }
    }
  }

  private HttpClient client() {
    try {
      var tls = SSLContext.getInstance("TLS");
      tls.init(null, new TrustManager[] {new DialledHostTrust(trust)}, null);
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .sslContext(tls)
          .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  private static AwsPrincipal read(StsHost host, HttpResponse<byte[]> answer) {
    if (answer.statusCode() != OK) {
      throw refusal(host, answer);
    }
    var type = answer.headers().firstValue("content-type").orElse("");
    if (!JSON.matcher(type).matches()) {
      throw strange(host);
    }
    var caller = CallerIdentity.parse(answer.body()).orElseThrow(() -> strange(host));
    if (!caller.partition().equals(host.partition())) {
      throw strange(host);
    }
    return caller;
  }

  private static ControlException refusal(StsHost host, HttpResponse<byte[]> answer) {
    var status = answer.statusCode();
    var code = ERROR_CODE.matcher(new String(answer.body(), StandardCharsets.UTF_8));
    var why = code.find() ? code.group(1) : "status " + status;
    return status == 400 || status == 403
        ? new ControlException(
            ErrorKind.ACCESS_DENIED,
            "AWS STS (%s) does not accept the host's signature: %s".formatted(host.region(), why))
        : new ControlException(
            ErrorKind.UNAVAILABLE,
            "AWS STS (%s) can't say who the host is: %s".formatted(host.region(), why));
  }

  private static ControlException strange(StsHost host) {
    return new ControlException(
        ErrorKind.UNAVAILABLE,
        "AWS STS (%s) gave an answer that is none to GetCallerIdentity".formatted(host.region()));
  }

  private static ControlException unavailable(URI uri, Exception cause) {
    return new ControlException(
        ErrorKind.UNAVAILABLE,
        "the Auth Service gets no answer from AWS STS at %s".formatted(uri),
        cause);
  }

  /// Where the operator says that STS is: `AWS_ENDPOINT_URL_STS`.
  ///
  /// @throws IllegalArgumentException if it is no http or https address
  static Optional<URI> address(Map<String, String> env) {
    var text = env.getOrDefault("AWS_ENDPOINT_URL_STS", "").strip();
    if (text.isEmpty()) {
      return Optional.empty();
    }
    var uri = URI.create(text);
    if (uri.getHost() == null
        || uri.getRawUserInfo() != null
        || !("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))) {
      throw new IllegalArgumentException(
          "AWS_ENDPOINT_URL_STS: \"%s\" (expected: an http:// or https:// address)"
              .formatted(text));
    }
    return Optional.of(uri);
  }
}
