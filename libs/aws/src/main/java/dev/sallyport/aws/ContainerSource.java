package dev.sallyport.aws;

import dev.sallyport.pki.DialledHostTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// The address beside a container that gives its role's credentials: of ECS, by
/// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI`, or another, such as that of EKS Pod Identity, by
/// `AWS_CONTAINER_CREDENTIALS_FULL_URI`; with `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE`, which is
/// read each time, or `AWS_CONTAINER_AUTHORIZATION_TOKEN`. Asked without a proxy in between and
/// without following anybody elsewhere, since the token goes along. Plain HTTP only to this host
/// and to AWS's own link-local addresses, as [AWS's
/// reference](https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html)
/// demands.
final class ContainerSource implements CredentialSource {
  private static final String RELATIVE = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
  private static final String FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  private static final String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  private static final String ECS = "http://169.254.170.2";
  private static final Set<String> LINK_LOCAL =
      Set.of("169.254.170.2", "169.254.170.23", "[fd00:ec2::23]");
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final Duration ANSWER = Duration.ofSeconds(5);
  private static final int TRIES = 2;
  private static final int OK = 200;
  private static final int SERVER_FAULT = 500;
  private static final int MAX_TOKEN = 64 * 1024;
  private static final String WHO = "the container's address";

  private final AwsSettings settings;
  private final InstantSource clock;
  private @Nullable HttpClient http;

  ContainerSource(AwsSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "container";
  }

  @Override
  public Own fetch() throws SourceFailure {
    var address = address();
    var request =
        HttpRequest.newBuilder(address).timeout(ANSWER).header("Accept", "application/json");
    token().ifPresent(text -> request.header("Authorization", text));
    for (int tries = 1; ; tries++) {
      try {
        return own(send(request.build()), address);
      } catch (SourceFailure e) {
        if (e.kind() != SourceFailure.Kind.PASSING || tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private URI address() throws SourceFailure {
    var relative = settings.variable(RELATIVE);
    var text = relative.map(path -> ECS + path).or(() -> settings.variable(FULL));
    if (text.isEmpty()) {
      throw SourceFailure.notSetUp(RELATIVE + " and " + FULL + " are not set");
    }
    var variable = relative.isPresent() ? RELATIVE : FULL;
    URI uri;
    try {
      uri = URI.create(text.get());
    } catch (IllegalArgumentException e) {
      throw SourceFailure.broken(variable + " is no address");
    }
    var host = uri.getHost();
    if (host == null || (relative.isPresent() && !uri.getRawAuthority().equals("169.254.170.2"))) {
      throw SourceFailure.broken(variable + " is no address");
    }
    var safe =
        "https".equalsIgnoreCase(uri.getScheme())
            || ("http".equalsIgnoreCase(uri.getScheme())
                && (LINK_LOCAL.contains(host) || isThisHost(host)));
    if (!safe) {
      throw SourceFailure.broken(
          "%s names host %s, which is reached by https only".formatted(variable, host));
    }
    return uri;
  }

  private static boolean isThisHost(String host) {
    try {
      for (var address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private Optional<String> token() throws SourceFailure {
    var file = settings.file(TOKEN_FILE);
    var token = file.isPresent() ? Optional.of(read(file.get())) : settings.variable(TOKEN);
    if (token.isPresent() && !token.get().chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
      throw SourceFailure.broken(
          file.map(path -> TOKEN_FILE + " " + path).orElse(TOKEN) + " holds no token of one line");
    }
    return token;
  }

  private static String read(Path file) throws SourceFailure {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_TOKEN + 1);
      if (bytes.length > MAX_TOKEN) {
        throw SourceFailure.broken(TOKEN_FILE + " " + file + " is too long for a token");
      }
      var text = new String(bytes, StandardCharsets.UTF_8).strip();
      if (text.isEmpty()) {
        throw SourceFailure.broken(TOKEN_FILE + " " + file + " is empty");
      }
      return text;
    } catch (IOException e) {
      throw SourceFailure.broken(TOKEN_FILE + " " + file + " cannot be read");
    }
  }

  private HttpResponse<byte[]> send(HttpRequest request) throws SourceFailure {
    var body =
        HttpResponse.BodyHandlers.limiting(
            HttpResponse.BodyHandlers.ofByteArray(), CredentialText.MAX_BYTES);
    var answer = client().sendAsync(request, body);
    try {
      return answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      answer.cancel(true);
      throw SourceFailure.passing(WHO + " " + shown(request.uri()) + " does not answer")
          .withDetail(StsCalls.causes(e));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw SourceFailure.passing("this service is stopping");
    }
  }

  private Own own(HttpResponse<byte[]> answer, URI address) throws SourceFailure {
    if (answer.statusCode() == OK) {
      return CredentialText.own(
          CredentialText.object(answer.body(), WHO), "Token", WHO, clock.instant());
    }
    var reason = WHO + " " + shown(address) + " answers with status " + answer.statusCode();
    var failure =
        answer.statusCode() >= SERVER_FAULT
            ? SourceFailure.passing(reason)
            : SourceFailure.broken(reason);
    throw failure.withDetail(new String(answer.body(), StandardCharsets.UTF_8));
  }

  /// Without path and query, which may be a secret of the host's.
  private static String shown(URI address) {
    return address.getScheme() + "://" + address.getRawAuthority();
  }

  private synchronized HttpClient client() {
    if (http == null) {
      http =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .proxy(HttpClient.Builder.NO_PROXY)
              .connectTimeout(CONNECT)
              .sslContext(tls())
              .build();
    }
    return http;
  }

  private SSLContext tls() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new DialledHostTrust(settings.trust())}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no TLS", e);
    }
  }

  @Override
  public synchronized void close() {
    if (http != null) {
      http.shutdownNow();
    }
  }
}
