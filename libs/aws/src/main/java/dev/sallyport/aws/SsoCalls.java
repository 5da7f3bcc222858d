package dev.sallyport.aws;

import static dev.sallyport.aws.ProfileSource.value;

import dev.sallyport.aws.CredentialSource.Own;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sso.SsoClient;
import software.amazon.awssdk.services.sso.model.RoleCredentials;
import software.amazon.awssdk.services.ssooidc.SsoOidcClient;
import software.amazon.awssdk.services.ssooidc.model.CreateTokenResponse;

/// Credentials of somebody who signed in with `aws sso login` as the account that the service runs
/// under. The sign-in is renewed as long as AWS allows it, in the file where the CLI keeps it. Over
/// connections like those to STS.
final class SsoCalls implements AutoCloseable {
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final int UNAUTHORIZED = 401;

  private final Owner owner;
  private final AwsSettings settings;
  private final SdkHttpClient http;
  private final Supplier<StsPlace> place;
  private final InstantSource clock;

  SsoCalls(Owner owner, AwsSettings settings, Supplier<StsPlace> place, InstantSource clock) {
    this.owner = owner;
    this.settings = settings;
    this.place = place;
    this.clock = clock;
    http = StsCalls.http(settings);
  }

  /// What a profile says.
  private record Portal(String region, String account, String role, Path cache, String signIn) {
    SourceFailure ended(String how) {
      return SourceFailure.broken("the sign-in " + how + "; run " + signIn);
    }
  }

  Own own(ProfileFile all, Profile profile, Path home) throws SourceFailure {
    var portal = portal(all, profile, home);
    var token = token(portal);
    try (var client =
        build(SsoClient.builder(), portal, "AWS_ENDPOINT_URL_SSO").httpClient(http).build()) {
      var given =
          client
              .getRoleCredentials(
                  ask -> ask.accountId(portal.account).roleName(portal.role).accessToken(token))
              .roleCredentials();
      return own(given);
    } catch (SdkException e) {
      throw failure(e, portal);
    }
  }

  private static Own own(RoleCredentials given) {
    return new Own(
        CredentialText.keys(
            given.accessKeyId(),
            given.secretAccessKey(),
            Optional.ofNullable(given.sessionToken())),
        Optional.ofNullable(given.expiration()).map(Instant::ofEpochMilli));
  }

  private Portal portal(ProfileFile all, Profile profile, Path home) throws SourceFailure {
    var name = value(profile, "sso_session");
    var from = profile;
    if (name.isPresent()) {
      from =
          all.getSection("sso-session", name.get())
              .orElseThrow(
                  () -> SourceFailure.broken("there is no [sso-session " + name.get() + "]"));
    }
    var start = needed(from, "sso_start_url");
    return new Portal(
        needed(from, "sso_region"),
        needed(profile, "sso_account_id"),
        needed(profile, "sso_role_name"),
        home.resolve("sso").resolve("cache").resolve(SsoSignIn.fileName(name.orElse(start))),
        "aws sso login --profile %s as the account of the %s"
            .formatted(profile.name(), owner.service()));
  }

  private static String needed(Profile profile, String key) throws SourceFailure {
    return value(profile, key)
        .orElseThrow(
            () -> SourceFailure.broken("single sign-on of " + profile.name() + " needs " + key));
  }

  private String token(Portal portal) throws SourceFailure {
    if (!Files.exists(portal.cache)) {
      throw portal.ended("was never made here");
    }
    var signIn = SsoSignIn.read(portal.cache);
    if (signIn.lasts(clock.instant())) {
      return signIn.token();
    }
    if (!signIn.canBeRenewed(clock.instant())) {
      throw portal.ended("ended at " + signIn.end());
    }
    try (var client =
        build(SsoOidcClient.builder(), portal, "AWS_ENDPOINT_URL_SSO_OIDC")
            .httpClient(http)
            .build()) {
      var answer = client.createToken(signIn.renewal());
      keep(signIn, answer, portal.cache);
      return answer.accessToken();
    } catch (SdkException e) {
      throw failure(e, portal);
    }
  }

  /// The old renewal may be worth nothing once AWS gave a new one.
  private void keep(SsoSignIn signIn, CreateTokenResponse answer, Path cache) throws SourceFailure {
    try {
      signIn.renewed(answer, clock.instant()).write(cache);
    } catch (IOException e) {
      throw SourceFailure.broken(cache + " cannot be written");
    }
  }

  private <B extends AwsClientBuilder<B, C>, C> B build(B builder, Portal portal, String variable) {
    builder
        .region(Region.of(portal.region))
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .overrideConfiguration(o -> o.apiCallTimeout(CALL));
    Optional<URI> endpoint = settings.endpoint(variable);
    if (endpoint.isPresent()) {
      return builder.endpointOverride(endpoint.get()).fipsEnabled(false).dualstackEnabled(false);
    }
    var sts = place.get();
    return builder.fipsEnabled(sts.fips()).dualstackEnabled(sts.dualStack());
  }

  private static SourceFailure failure(SdkException e, Portal portal) {
    if (!(e instanceof AwsServiceException refusal)) {
      return SourceFailure.passing(
              "AWS's single sign-on of " + portal.region + " cannot be reached")
          .withDetail(StsCalls.causes(e));
    }
    if (refusal.statusCode() >= 500 || refusal.isThrottlingException()) {
      return SourceFailure.passing(
          "AWS's single sign-on of " + portal.region + " cannot answer now");
    }
    var code =
        refusal.awsErrorDetails() == null
            ? ""
            : String.valueOf(refusal.awsErrorDetails().errorCode());
    return switch (code) {
      case "InvalidGrantException", "ExpiredTokenException", "InvalidClientException" ->
          portal.ended("cannot be renewed any more");
      default ->
          refusal.statusCode() == UNAUTHORIZED
              ? portal.ended("is not valid any more")
              : SourceFailure.broken(
                      "AWS's single sign-on gives no credentials of role %s in account %s (%s)"
                          .formatted(portal.role, portal.account, code))
                  .withDetail(String.valueOf(refusal.getMessage()));
    };
  }

  @Override
  public void close() {
    http.close();
  }
}
