package dev.sallyport.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.aws.CredentialStage.Reply;
import dev.sallyport.aws.OwnCredentials.Resolved;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A role that is taken by what the chain gives.
final class TakenRoleTest {
  private static final String ROLE = "arn:aws:iam::210987654321:role/AuditWriter";
  @TempDir Path folder;
  private CredentialStage stage;
  private int given;

  @BeforeEach
  void start() throws IOException {
    stage = new CredentialStage(folder);
    stage.env.put("AWS_ENDPOINT_URL", stage.address());
    stage.env.put("AWS_ACCESS_KEY_ID", "AKIAOWN");
    stage.env.put("AWS_SECRET_ACCESS_KEY", CredentialStage.SECRET);
    stage.server = _ -> granted("ASIA" + ++given);
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void theRoleIsAskedForByTheOwnKeysAndAgainAheadOfItsEnd() throws IOException {
    var role = role();
    assertThat(id(role)).isEqualTo("ASIA1");
    assertThat(stage.calls.getFirst().header("Authorization")).contains("Credential=AKIAOWN/");
    assertThat(stage.calls.getFirst().body())
        .contains("Action=AssumeRole&", "RoleSessionName=sallyport-agent", "ExternalId=its-id");
    stage.later(Duration.ofMinutes(54));
    assertThat(id(role)).isEqualTo("ASIA1");
    stage.later(Duration.ofMinutes(2));
    assertThat(id(role)).isEqualTo("ASIA2");
    stage.later(Duration.ofMinutes(56));
    stage.server = _ -> refused(503, "ServiceUnavailable");
    assertThat(id(role)).as("good until its end").isEqualTo("ASIA2");
    stage.later(Duration.ofMinutes(5));
    assertThat(missing(role).passing()).isTrue();
  }

  @Test
  void whyThereIsNoneIsTold() throws IOException {
    stage.server = _ -> refused(403, "AccessDenied");
    var denied = missing(role());
    assertThat(denied.reason())
        .isEqualTo(
            "role %s does not exist or does not trust the AWS identity of the Database Service"
                    .formatted(ROLE)
                + " (sts:AssumeRole) [AWS says so]");
    assertThat(denied.passing()).isFalse();
    stage.env.remove("AWS_ACCESS_KEY_ID");
    try (var half = new CredentialStage(folder)) {
      half.env.putAll(stage.env);
      assertThat(missing(half.taken(new TakenRole.Role(ROLE, Optional.empty()))).reason())
          .isEqualTo(
              "the Database Service gets no AWS credentials from environment:"
                  + " AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not");
    }
  }

  private TakenRole role() throws IOException {
    return stage.taken(new TakenRole.Role(ROLE, Optional.of("its-id")));
  }

  private static String id(TakenRole role) {
    return switch (role.resolve()) {
      case Resolved.Found found -> found.credentials().accessKeyId();
      case Resolved.Missing missing -> throw new AssertionError(missing.reason());
    };
  }

  private static Resolved.Missing missing(TakenRole role) {
    return (Resolved.Missing) role.resolve();
  }

  /// For an hour: the end is told by the clock of the answer's `Date`, which stands for AWS's.
  private static Reply granted(String id) {
    return Reply.of(
        200,
        """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleResult><Credentials>
            <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
            <SessionToken>t</SessionToken><Expiration>%s</Expiration>
          </Credentials></AssumeRoleResult>
        </AssumeRoleResponse>
        """
            .formatted(
                id,
                CredentialStage.SECRET,
                Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS)));
  }

  private static Reply refused(int status, String code) {
    return Reply.of(
        status,
        """
        <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <Error><Type>Sender</Type><Code>%s</Code><Message>AWS says so</Message></Error>
        </ErrorResponse>
        """
            .formatted(code));
  }
}
