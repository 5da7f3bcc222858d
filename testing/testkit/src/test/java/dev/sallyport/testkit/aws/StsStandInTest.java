package dev.sallyport.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Credentials;
import software.amazon.awssdk.services.sts.model.StsException;
import software.amazon.awssdk.services.sts.model.Tag;

/// The AWS SDK's STS client against the stand-in.
class StsStandInTest {

  private static final AwsStandIn.Account ACCOUNT = AwsStandIn.Account.example();
  private static final String ROLE = ACCOUNT.role("ExampleTeleportDynamoDBRole");

  private final AwsStandIn aws =
      AwsStandIn.start(
          ACCOUNT,
          InstantSource.system(),
          (request, caller) -> ScriptedUpstream.json(200, "r", "{}"),
          Optional.empty());

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void a_trusted_caller_gets_a_session_of_the_role() {
    aws.sts().put(TrustedRole.trusting(ROLE, ACCOUNT.agentArn()));

    Credentials session = assume(aws.agentCredentials(), r -> r.durationSeconds(900));

    assertThat(session.accessKeyId()).startsWith("ASIA");
    assertThat(session.expiration())
        .isBetween(
            InstantSource.system().instant().plusSeconds(880),
            InstantSource.system().instant().plusSeconds(901));
    try (StsClient asRole = client(credentials(session), "us-east-1")) {
      assertThat(asRole.getCallerIdentity().arn())
          .isEqualTo("arn:aws:sts::123456789012:assumed-role/ExampleTeleportDynamoDBRole/alice");
    }
    assertThat(aws.sts().calls())
        .extracting(StsStandIn.Call::action)
        .containsExactly("AssumeRole", "GetCallerIdentity");
    assertThat(aws.sts().calls().getFirst().parameters()).containsEntry("RoleSessionName", "alice");
  }

  static Stream<Arguments> denials() {
    String other = "arn:aws:iam::123456789012:user/other";
    TrustedRole trusting = TrustedRole.trusting(ROLE, ACCOUNT.agentArn());
    Consumer<AssumeRoleRequest.Builder> plain = r -> {};
    return Stream.of(
        Arguments.of(TrustedRole.trusting(ROLE, other), plain, "sts:AssumeRole"),
        Arguments.of(TrustedRole.trusting(ROLE + "x", ACCOUNT.agentArn()), plain, "sts:AssumeRole"),
        Arguments.of(trusting.withExternalId("e-1"), plain, "sts:AssumeRole"),
        Arguments.of(
            trusting.withExternalId("e-1"),
            (Consumer<AssumeRoleRequest.Builder>) r -> r.externalId("e-2"),
            "sts:AssumeRole"),
        Arguments.of(
            trusting,
            (Consumer<AssumeRoleRequest.Builder>)
                r -> r.tags(Tag.builder().key("team").value("a b&c").build()),
            "sts:TagSession"),
        Arguments.of(
            trusting,
            (Consumer<AssumeRoleRequest.Builder>) r -> r.sourceIdentity("alice"),
            "sts:SetSourceIdentity"));
  }

  @ParameterizedTest
  @MethodSource("denials")
  void the_trust_policy_decides(
      TrustedRole role, Consumer<AssumeRoleRequest.Builder> with, String action) {
    aws.sts().put(role);
    assertRefused(
        () -> assume(aws.agentCredentials(), with),
        403,
        "AccessDenied",
        "User: arn:aws:iam::123456789012:user/sallyport-agent is not authorized to perform: "
            + action
            + " on resource: "
            + ROLE);
    assertThat(aws.sts().calls().getLast().error()).contains("AccessDenied");
  }

  @Test
  void external_id_and_tags_are_taken_where_the_role_wants_them() {
    aws.sts()
        .put(
            TrustedRole.trusting(ROLE, "arn:aws:iam::123456789012:root")
                .withExternalId("e-1")
                .withSessionTags());
    assertThat(
            assume(
                aws.agentCredentials(),
                r -> r.externalId("e-1").tags(Tag.builder().key("team").value("a b&c").build())))
        .isNotNull();
    assertThat(aws.sts().calls().getFirst().parameters())
        .containsEntry("Tags.member.1.Value", "a b&c");
  }

  @Test
  void a_source_identity_stays_over_roles_that_allow_it() {
    String middle = ACCOUNT.role("Middle");
    aws.sts().put(TrustedRole.trusting(middle, ACCOUNT.agentArn()).withSourceIdentity());
    aws.sts().put(TrustedRole.trusting(ROLE, middle));
    Credentials first =
        assume(aws.agentCredentials(), r -> r.roleArn(middle).sourceIdentity("alice"));
    assertThatThrownBy(() -> assume(credentials(first), r -> {}))
        .hasMessageContaining("sts:SetSourceIdentity");

    aws.sts().put(TrustedRole.trusting(ROLE, middle).withSourceIdentity());
    assertThat(assume(credentials(first), r -> {})).isNotNull();
    assertThatThrownBy(() -> assume(credentials(first), r -> r.sourceIdentity("bob")))
        .hasMessageContaining("sts:SetSourceIdentity");
  }

  @Test
  void durations_have_limits_and_chained_ones_an_hour() {
    String middle = ACCOUNT.role("Middle");
    aws.sts().put(TrustedRole.trusting(middle, ACCOUNT.agentArn()));
    aws.sts().put(TrustedRole.trusting(ROLE, middle).withSessionMax(Duration.ofHours(12)));
    Credentials first = assume(aws.agentCredentials(), r -> r.roleArn(middle));

    assertThat(assume(credentials(first), r -> r.durationSeconds(3_600))).isNotNull();
    assertRefused(
        () -> assume(credentials(first), r -> r.durationSeconds(3_601)),
        400,
        "ValidationError",
        "1 hour session limit for roles assumed by role chaining");
    assertRefused(
        () -> assume(aws.agentCredentials(), r -> r.roleArn(middle).durationSeconds(7_200)),
        400,
        "ValidationError",
        "MaxSessionDuration");
    assertRefused(
        () -> assume(aws.agentCredentials(), r -> r.durationSeconds(60)),
        400,
        "ValidationError",
        "greater than or equal to 900");
    assertRefused(
        () -> assume(aws.agentCredentials(), r -> r.roleSessionName("a b")),
        400,
        "ValidationError",
        "roleSessionName");
  }

  @Test
  void who_signs_wrongly_is_told_so() {
    aws.sts().put(TrustedRole.trusting(ROLE, ACCOUNT.agentArn()));
    assertRefused(
        () -> assume(AwsBasicCredentials.create("AKIAUNKNOWN000000000", "x"), r -> {}),
        403,
        "InvalidClientTokenId",
        "invalid");
    assertRefused(
        () -> assume(AwsBasicCredentials.create(ACCOUNT.agentKeyId(), "wrong"), r -> {}),
        403,
        "SignatureDoesNotMatch",
        "does not match");
    aws.sts().shortenSessions(Optional.of(Duration.ofSeconds(-5)));
    Credentials ended = assume(aws.agentCredentials(), r -> {});
    assertRefused(() -> assume(credentials(ended), r -> {}), 403, "ExpiredToken", "expired");
    try (StsClient elsewhere = client(aws.agentCredentials(), "eu-west-1")) {
      assertRefused(
          elsewhere::getCallerIdentity, 403, "SignatureDoesNotMatch", "scoped to a valid region");
    }
  }

  @Test
  void weather_is_as_told() {
    aws.sts().put(TrustedRole.trusting(ROLE, ACCOUNT.agentArn()));
    aws.sts().weather(Weather.THROTTLING);
    assertRefused(
        () -> assume(aws.agentCredentials(), r -> {}), 400, "Throttling", "Rate exceeded");
    aws.sts().weather(Weather.OUTAGE);
    assertRefused(() -> assume(aws.agentCredentials(), r -> {}), 503, "ServiceUnavailable", "");
    aws.sts().weather(Weather.FINE);
    assertThat(assume(aws.agentCredentials(), r -> {})).isNotNull();
  }

  private Credentials assume(AwsCredentials as, Consumer<AssumeRoleRequest.Builder> with) {
    try (StsClient client = client(as, "us-east-1")) {
      AssumeRoleRequest.Builder request =
          AssumeRoleRequest.builder().roleArn(ROLE).roleSessionName("alice");
      with.accept(request);
      return client.assumeRole(request.build()).credentials();
    }
  }

  private StsClient client(AwsCredentials as, String region) {
    return StsClient.builder()
        .endpointOverride(aws.stsUri())
        .region(Region.of(region))
        .credentialsProvider(StaticCredentialsProvider.create(as))
        .httpClient(UrlConnectionHttpClient.create())
        .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  private static AwsCredentials credentials(Credentials session) {
    return AwsSessionCredentials.create(
        session.accessKeyId(), session.secretAccessKey(), session.sessionToken());
  }

  private static void assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call,
      int status,
      String code,
      String message) {
    StsException refused = catchThrowableOfType(StsException.class, call);
    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
    assertThat(refused.awsErrorDetails().errorMessage()).contains(message);
    assertThat(refused.statusCode()).isEqualTo(status);
  }
}
