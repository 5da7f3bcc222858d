package dev.sallyport.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/// The chain, and the sources that need nobody else: environment, profiles and their commands.
class CredentialChainTest {
  @TempDir Path folder;
  private CredentialStage stage;
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = CredentialStage.quiet();

  @BeforeEach
  void start() throws IOException {
    stage = new CredentialStage(folder);
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(log);
    stage.close();
  }

  @Test
  void whereNobodySetAnythingUpTheReasonSaysWhatToSet() throws IOException {
    assertThat(stage.missing().reason()).contains("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "container");
    assertThat(stage.missing().passing()).isFalse();
    assertThat(told())
        .contains("environment: AWS_ACCESS_KEY_ID is not set", "AWS_EC2_METADATA_DISABLED is true");
  }

  @Test
  void theEnvironmentGivesKeysAndHalfAPairIsTold() throws IOException {
    stage.env.put("AWS_ACCESS_KEY_ID", "AKIAENV");
    assertThat(stage.missing().reason())
        .contains("environment", "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
    try (var whole = new CredentialStage(folder)) {
      whole.env.put("AWS_ACCESS_KEY_ID", "AKIAENV");
      whole.env.put("AWS_SECRET_ACCESS_KEY", CredentialStage.SECRET);
      whole.env.put("AWS_SESSION_TOKEN", "token");
      assertThat(whole.found())
          .asInstanceOf(type(AwsSessionCredentials.class))
          .satisfies(it -> assertThat(it.sessionToken()).isEqualTo("token"));
    }
  }

  @Test
  void halfAPairOfSystemPropertiesIsToldAndNoOtherSourceIsUsed() {
    var properties = new Properties();
    var source = new SystemPropertySource(properties);
    assertThat(failure(source).kind()).isEqualTo(SourceFailure.Kind.NOT_SET_UP);
    properties.setProperty("aws.secretAccessKey", CredentialStage.SECRET);
    assertThat(failure(source).kind()).isEqualTo(SourceFailure.Kind.BROKEN);
    assertThat(failure(source).reason())
        .isEqualTo("aws.secretAccessKey is set and aws.accessKeyId is not");
    assertThat(source.toString()).doesNotContain("canary");
  }

  @Test
  void whatCanNeverWorkIsKnownBeforeAnybodyAsks() throws IOException {
    assertThat(fault(Map.of())).isEmpty();
    assertThat(fault(Map.of("AWS_ACCESS_KEY_ID", "AKIA")))
        .contains("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
    assertThat(fault(Map.of("AWS_SECRET_ACCESS_KEY", CredentialStage.SECRET)))
        .contains("AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not");
    assertThat(fault(Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/jwt")))
        .contains("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not");
    var role = Map.of("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere/jwt", "AWS_ROLE_ARN", "r");
    assertThat(fault(role)).as("a file may come").isEmpty();
  }

  private static SourceFailure failure(CredentialSource source) {
    return (SourceFailure) catchThrowable(source::fetch);
  }

  private static Optional<String> fault(Map<String, String> env) throws IOException {
    return OwnCredentials.fault(AwsSettings.of(env));
  }

  @Test
  void aSourceThatFailsIsNotReplacedByTheNextOne() throws IOException {
    stage.file(".aws/config", "[default]\ncredential_process = exit 3\n");
    stage.env.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", stage.address() + "/role");
    stage.server = call -> CredentialStage.Reply.of(200, stage.keys("ASIA1", Duration.ofHours(1)));
    assertThat(stage.missing().reason()).contains("profile \"default\"", "exit code 3");
    assertThat(stage.calls).isEmpty();
  }

  @Test
  void keysOfAProfileAreReadAgainWhenTheFileChanges() throws IOException {
    stage.file(".aws/credentials", keys("AKIAFIRST"));
    assertThat(stage.found().accessKeyId()).isEqualTo("AKIAFIRST");
    stage.file(".aws/credentials", keys("AKIASECONDONE"));
    assertThat(stage.found().accessKeyId()).isEqualTo("AKIASECONDONE");
    stage.file(".aws/credentials", "[default]\naws_access_key_id = AKIAHALF\n");
    assertThat(stage.missing().reason()).contains("aws_secret_access_key");
  }

  @Test
  void oneFileMayBeElsewhereAndTheOtherStaysWhereItIs() throws IOException {
    stage.env.put(
        "AWS_CONFIG_FILE", stage.file("elsewhere", "[profile x]\nregion = eu-west-1\n").toString());
    stage.env.put("AWS_PROFILE", "x");
    stage.file(".aws/credentials", keys("AKIAX").replace("default", "x"));
    assertThat(stage.found().accessKeyId()).isEqualTo("AKIAX");
  }

  @Test
  void aProfileThatIsNotThereOrNamesNothingIsTold() throws IOException {
    stage.env.put("AWS_PROFILE", "prod");
    stage.file(".aws/config", "[profile other]\nregion = eu-west-1\n");
    assertThat(stage.missing().reason()).contains("there is no profile \"prod\"");
    stage.file(".aws/config", "[profile prod]\nregion = eu-west-1\n");
    assertThat(stage.missing().reason()).contains("names no credentials");
    stage.file(".aws/config", "[profile prod]\nlogin_session = arn:aws:iam::1:user/a\n");
    assertThat(stage.missing().reason()).contains("aws login", "export-credentials");
    stage.file(".aws/config", "[profile prod]\nrole_arn = arn:aws:iam::1:role/a\nmfa_serial = m\n");
    assertThat(stage.missing().reason()).contains("mfa_serial");
    stage.file(".aws/config", "[profile prod]\nrole_arn = arn:aws:iam::1:role/a\n");
    assertThat(stage.missing().reason()).contains("source_profile or credential_source");
    stage.file(
        ".aws/config",
        """
        [profile prod]
        role_arn = arn:aws:iam::1:role/a
        source_profile = back
        [profile back]
        role_arn = arn:aws:iam::1:role/b
        source_profile = prod
        """);
    assertThat(stage.missing().reason()).contains("refers to itself");
    stage.file(
        ".aws/config",
        "[profile prod]\nrole_arn = arn:aws:iam::1:role/a\ncredential_source = Lambda\n");
    assertThat(stage.missing().reason()).contains("\"Lambda\" is none of Ec2InstanceMetadata, Ecs");
  }

  @Test
  void aBrokenFileIsNamedWithoutWhatItHolds() throws IOException {
    stage.file(".aws/credentials", CredentialStage.SECRET + "\n");
    var reason = stage.missing().reason();
    assertThat(reason).contains("credentials is not written as").doesNotContain("canary");
    assertThat(told()).doesNotContain("canary");
  }

  @Test
  void aCommandGivesCredentialsAndIsAskedAgainAheadOfTheirEnd() throws IOException {
    var count = folder.resolve("count");
    stage.file("answer", process("ASIAONE", "2099-01-01T00:00:00Z"));
    command("echo x >> " + count + "; cat " + folder.resolve("answer"));
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIAONE");
    stage.found();
    assertThat(Files.readAllLines(count)).hasSize(1);

    stage.file("answer", process("ASIATWO", stage.now.plusSeconds(3600).toString()));
    command("echo x >> " + count + "; cat " + folder.resolve("answer") + " # changed");
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIATWO");
    stage.later(Duration.ofMinutes(54));
    stage.found();
    assertThat(Files.readAllLines(count)).hasSize(2);
    stage.later(Duration.ofMinutes(2));
    stage.file("answer", "{}");
    assertThat(stage.found().accessKeyId()).as("good until its end").isEqualTo("ASIATWO");
    stage.found();
    assertThat(Files.readAllLines(count)).as("left alone for a while").hasSize(3);
    stage.later(Duration.ofMinutes(5));
    assertThat(stage.missing().reason()).contains("no object of \"Version\": 1");
  }

  @Test
  void whatACommandSaysIsInTheLogAndWhatItPrintsIsNowhere() throws IOException {
    command("echo canary-secret; echo 'Token has expired' >&2; exit 255");
    var reason = stage.missing().reason();
    assertThat(reason).contains("credential_process ended with exit code 255");
    assertThat(reason).doesNotContain("expired", "canary");
    assertThat(told()).contains("[Token has expired]").doesNotContain("canary");
    for (var bad :
        new String[] {
          "echo canary-secret",
          "echo '[\"canary-secret\"]'",
          "echo '{\"Version\":2,\"SecretAccessKey\":\"canary-secret\"}'",
          "echo '{\"Version\":1,\"SecretAccessKey\":\"canary-secret\"}'",
          "yes canary-secret | head -c 100000",
          "echo '" + process("ASIA", "yesterday canary-secret").strip() + "'",
          "echo '" + process("ASIA", "2001-01-01T00:00:00Z").strip() + "'"
        }) {
      command(bad);
      assertThat(stage.missing().reason()).contains("credential_process").doesNotContain("canary");
    }
    assertThat(told()).doesNotContain("canary");
  }

  @Test
  void whatACommandPrintsIsReadOnThreadsThatNoOtherNeeds() throws Exception {
    var go = folder.resolve("go");
    var script = "until [ -e '%s' ]; do sleep 0.05; done; exit 3".formatted(go);
    var command = new CredentialCommand(script, () -> stage.now, Duration.ofSeconds(60));
    var failure = CompletableFuture.supplyAsync(() -> catchThrowable(command::run));
    // Virtual threads are not among these.
    Awaitility.await()
        .until(() ->
            Thread.getAllStackTraces().keySet().stream()
                .anyMatch(it -> it.getName().equals("sallyport-credential-process")));
    Files.createFile(go);
    assertThat(failure.get(60, TimeUnit.SECONDS)).hasMessageContaining("exit code 3");
  }

  @Test
  void aCommandThatHangsIsEndedAndIsAnOutage() {
    var command = new CredentialCommand("sleep 600", () -> stage.now, Duration.ofMillis(200));
    assertThat(catchThrowable(command::run))
        .asInstanceOf(type(SourceFailure.class))
        .satisfies(it -> assertThat(it.kind()).isEqualTo(SourceFailure.Kind.PASSING))
        .satisfies(it -> assertThat(it.reason()).contains("took longer than"));
  }

  @Test
  void theLogTellsOnceWhyThereAreNoneAndOnceThatThereAreSome() throws IOException {
    command("exit 1");
    stage.missing();
    stage.later(Duration.ofSeconds(2));
    stage.missing();
    assertThat(log.list).hasSize(1);
    stage.file(".aws/credentials", keys("AKIAGOOD"));
    stage.file(".aws/config", "");
    stage.found();
    stage.found();
    assertThat(log.list).hasSize(2);
    assertThat(told()).contains("source=\"profile \"default\"\"");
  }

  private void command(String line) throws IOException {
    stage.file(".aws/config", "[default]\ncredential_process = " + line + "\n");
    stage.later(Duration.ofSeconds(2));
  }

  private static String keys(String id) {
    return "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n"
        .formatted(id, CredentialStage.SECRET);
  }

  private static String process(String id, String end) {
    return "{\"Version\":1,\"AccessKeyId\":\"%s\",\"SecretAccessKey\":\"canary-secret\",\"SessionToken\":\"t\",\"Expiration\":\"%s\"}\n"
        .formatted(id, end);
  }

  private String told() {
    var text = new StringBuilder();
    log.list.forEach(event -> text.append(event.getKeyValuePairs()).append(event).append('\n'));
    return text.toString();
  }
}
