package dev.sallyport.testkit.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.launcher.Teleport;
import dev.sallyport.testkit.aws.AccessKey;
import dev.sallyport.testkit.aws.AwsStandIn;
import dev.sallyport.testkit.aws.ImdsStandIn;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.aws.StsStandIn;
import dev.sallyport.testkit.aws.TrustedRole;
import dev.sallyport.testkit.aws.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// As whom a cluster puts its audit records into a bucket that verifies each signature.
final class AuditBucketIdentityTest {
  private static final String BUCKET = "audit-logs";
  private final InstantSource clock = InstantSource.system();

  @TempDir Path folder = Path.of("never");
  private AwsStandIn aws;

  @BeforeEach
  void start() {
    var upstream = new ScriptedUpstream((request, caller) -> WireResponse.Cut.atOnce());
    aws = AwsStandIn.start(AwsStandIn.Account.example(), clock, upstream, Optional.empty());
    aws.s3().createBucket(BUCKET);
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  @Test
  void theRoleOfTheInstanceWritesWhereNothingElseIsSetUp() throws Exception {
    var instance =
        new ImdsStandIn.Instance(
            aws.account().id(), aws.account().region(), "i-0123456789abcdef0", clock.instant());
    var key =
        new AccessKey(
            "ASIAINSTANCE00000000",
            "instance/secret",
            Optional.of("instance-token"),
            Optional.of(clock.instant().plus(Duration.ofHours(6)).truncatedTo(ChronoUnit.SECONDS)),
            "arn:aws:sts::123456789012:assumed-role/AuditHost/i-0123456789abcdef0",
            Optional.of(aws.account().role("AuditHost")));
    aws.addKey(key);
    try (var imds = ImdsStandIn.start(instance)) {
      imds.role(key);
      var variables = new HashMap<>(without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"));
      variables.put("AWS_EC2_METADATA_DISABLED", "false");
      variables.putAll(imds.environment());
      try (var cluster = TestCluster.start(folder, aws, clock, exports(""), variables)) {
        await().until(() -> !aws.s3().writers().isEmpty());
        assertThat(aws.s3().writers()).containsOnly(key);
        assertThat(status(cluster)).contains("s3://audit-logs/");
      }
    }
  }

  @Test
  void theRoleOfTheConfigurationWritesAndIsTakenAgainBeforeItEnds() throws Exception {
    var role = aws.account().role("AuditWriter");
    aws.sts().put(TrustedRole.trusting(role, aws.account().agentArn()).withExternalId("audit-id"));
    aws.sts().shortenSessions(Optional.of(Duration.ofSeconds(8)));
    var more = ", assume_role_arn: \"" + role + "\", external_id: audit-id";
    try (var cluster = TestCluster.start(folder, aws, clock, exports(more))) {
      await()
          .untilAsserted(() -> {
            cluster.tctl("lock", "--user=nobody", "--message=a record").orFail();
            assertThat(aws.s3().writers().stream().map(AccessKey::id).distinct())
                .hasSizeGreaterThan(1);
          });
      assertThat(aws.s3().writers())
          .extracting(AccessKey::principal)
          .containsOnly("arn:aws:sts::123456789012:assumed-role/AuditWriter/sallyport-auth");
      assertThat(aws.sts().calls())
          .filteredOn(call -> role.equals(call.parameters().get("RoleArn")))
          .extracting(StsStandIn.Call::error)
          .containsOnly(Optional.empty());
      assertThat(folder.resolve("teleport.log")).content().doesNotContain("can't be exported");
    }
  }

  @Test
  void aRoleThatDoesNotTrustTheAuthServiceIsToldAndServesAsSoonAsItDoes() throws Exception {
    var role = aws.account().role("AuditWriter");
    var more = ", assume_role_arn: \"" + role + "\"";
    try (var cluster = TestCluster.start(folder, aws, clock, exports(more))) {
      await()
          .untilAsserted(() ->
              assertThat(status(cluster))
                  .contains("role " + role + " does not exist or does not trust the AWS identity"));
      assertThat(aws.s3().writers()).isEmpty();
      aws.sts().put(TrustedRole.trusting(role, aws.account().agentArn()));
      await().until(() -> !aws.s3().writers().isEmpty());
      await().until(() -> !status(cluster).contains("does not trust"));
    }
  }

  @Test
  void halfAPairOfKeysIsAnErrorAtTheStart() throws Exception {
    var config = folder.resolve("half.yaml");
    Files.writeString(
        config,
        """
        version: v3
        teleport: {data_dir: %s}
        auth_service:
          enabled: yes
          cluster_name: example.com
          listen_addr: 127.0.0.1:0
        %s
        """
            .formatted(folder.resolve("half"), exports("")));
    var err = new ByteArrayOutputStream();
    var printed = new PrintStream(err, true, StandardCharsets.UTF_8);
    var status =
        Teleport.run(
            new String[] {"start", "-c", config.toString()},
            printed,
            printed,
            without("AWS_SECRET_ACCESS_KEY"),
            clock);
    assertThat(status).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(
            "the Auth Service can't start: auth_service.audit.s3: AWS_ACCESS_KEY_ID is set and"
                + " AWS_SECRET_ACCESS_KEY is not")
        .doesNotContain(aws.account().agentKeyId());
    assertThat(aws.s3().writers()).isEmpty();
  }

  private Map<String, String> without(String... variables) {
    var environment = new HashMap<>(aws.agentEnvironment());
    environment.put("HOME", folder.toString());
    for (var variable : variables) {
      environment.put(variable, "");
    }
    return environment;
  }

  private String exports(String more) {
    return """
      audit:
        s3: {bucket: %s, endpoint: "%s", path_style: yes, every: 1s%s}
    """
        .formatted(BUCKET, aws.s3Uri(), more);
  }

  private static String status(TestCluster cluster) {
    return cluster.tctl("audit", "status").orFail().output();
  }
}
