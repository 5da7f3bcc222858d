package dev.sallyport.aws;

import dev.sallyport.pki.DialledHostTrust;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleWithWebIdentityResponse;
import software.amazon.awssdk.services.sts.model.Credentials;

/// The calls to STS that a service makes, at the regional endpoint of a region or where the
/// environment says. Blocks; every call has an end. Where AWS's clock and this host's differ, the
/// SDK corrects its signatures by the `Date` of the refusal, for each client, and these are kept.
public final class StsCalls implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(3);
  private static final Duration ATTEMPT = Duration.ofSeconds(5);
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final int MAX_CAUSES = 5;
  private static final Duration WHO_AM_I = Duration.ofSeconds(2);

  private final Optional<URI> endpoint;
  private final SdkHttpClient http;
  private final ConcurrentHashMap<StsPlace, StsClient> clients = new ConcurrentHashMap<>();

  /// Connects to nobody yet.
  ///
  /// @throws IllegalArgumentException if the environment names no address of STS
  public StsCalls(AwsSettings settings) {
    endpoint = settings.stsEndpoint();
    http = http(settings);
  }

  /// Connections to AWS that believe whom the settings say.
  static SdkHttpClient http(AwsSettings settings) {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT)
        .socketTimeout(ATTEMPT)
        .tlsTrustManagersProvider(() -> new TrustManager[] {new DialledHostTrust(settings.trust())})
        .build();
  }

  /// Without credentials: the token is the proof.
  ///
  /// @throws SdkException as the SDK tells it
  AssumeRoleWithWebIdentityResponse assumeRoleWithWebIdentity(
      AssumeRoleWithWebIdentityRequest request, StsPlace place) {
    return client(place).assumeRoleWithWebIdentity(request);
  }

  /// Signed by these credentials.
  ///
  /// @throws SdkException as the SDK tells it
  public AssumeRoleResponse assumeRole(
      AwsCredentials as, AssumeRoleRequest request, StsPlace place) {
    var signed =
        request.toBuilder()
            .overrideConfiguration(o -> o.credentialsProvider(StaticCredentialsProvider.create(as)))
            .build();
    return client(place).assumeRole(signed);
  }

  /// Who AWS takes these credentials for; nothing when it does not say.
  public Optional<String> callerArn(AwsCredentials as, StsPlace place) {
    try {
      var answer =
          client(place)
              .getCallerIdentity(r ->
                  r.overrideConfiguration(o ->
                      o.credentialsProvider(StaticCredentialsProvider.create(as))
                          .apiCallTimeout(WHO_AM_I)));
      return Optional.ofNullable(answer.arn());
    } catch (SdkException e) {
      return Optional.empty();
    }
  }

  /// The SDK takes what is not in the answer for null.
  public static boolean whole(@Nullable Credentials given) {
    return given != null
        && given.accessKeyId() != null
        && given.secretAccessKey() != null
        && given.sessionToken() != null;
  }

  /// For further calls; only after [#whole].
  public static AwsCredentials sdk(Credentials given) {
    return AwsSessionCredentials.create(
        given.accessKeyId(), given.secretAccessKey(), given.sessionToken());
  }

  /// AWS tells an end by its own clock, and this host's may differ: how long the credentials live
  /// is what counts.
  public static Instant here(InstantSource clock, Instant end, AwsResponse answer) {
    return answer
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .flatMap(AwsDate::parsed)
        .map(aws -> clock.instant().plus(Duration.between(aws, end)))
        .orElse(end);
  }

  /// What the exceptions say, from the outermost to the cause, for the log.
  public static String causes(Throwable e) {
    var said = new ArrayList<String>();
    for (Throwable cause = e; cause != null && said.size() < MAX_CAUSES; cause = cause.getCause()) {
      var text = String.valueOf(cause.getMessage());
      if (said.isEmpty() || !said.getLast().contains(text)) {
        said.add(text);
      }
    }
    return String.join(" <- ", said);
  }

  /// Whether the network is the cause.
  public static boolean isUnreachable(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketException || cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    clients.values().forEach(StsClient::close);
    http.close();
  }

  private StsClient client(StsPlace place) {
    return clients.computeIfAbsent(place, this::open);
  }

  private StsClient open(StsPlace place) {
    var builder =
        StsClient.builder()
            .region(Region.of(place.region()))
            .credentialsProvider(AnonymousCredentialsProvider.create())
            .httpClient(http)
            .overrideConfiguration(o -> o.apiCallTimeout(CALL).apiCallAttemptTimeout(ATTEMPT));
    if (endpoint.isPresent()) {
      builder.endpointOverride(endpoint.get()).fipsEnabled(false).dualstackEnabled(false);
    } else {
      builder.fipsEnabled(place.fips()).dualstackEnabled(place.dualStack());
    }
    return builder.build();
  }
}
