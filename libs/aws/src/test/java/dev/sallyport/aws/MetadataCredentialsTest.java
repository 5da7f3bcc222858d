package dev.sallyport.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.aws.CredentialStage.Call;
import dev.sallyport.aws.CredentialStage.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Services that give credentials over HTTP to whoever runs beside them: of instances, containers
/// and pods.
class MetadataCredentialsTest {
  private static final String FULL = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
  private static final String ROLE = "/latest/meta-data/iam/security-credentials/";
  @TempDir Path folder;
  private CredentialStage stage;

  @BeforeEach
  void start() throws IOException {
    stage = new CredentialStage(folder);
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void anInstanceIsAskedByVersionTwoWithASessionToken() throws IOException {
    instance(this::versionTwo);
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIAINSTANCE");
    assertThat(stage.calls.getFirst().method()).isEqualTo("PUT");
    assertThat(stage.calls.getFirst().header("x-aws-ec2-metadata-token-ttl-seconds")).isNotEmpty();
    assertThat(stage.calls.subList(1, stage.calls.size()))
        .isNotEmpty()
        .allSatisfy(
            call -> assertThat(call.header("x-aws-ec2-metadata-token")).isEqualTo("session"));
    int asked = stage.calls.size();
    stage.found();
    assertThat(stage.calls).as("kept").hasSize(asked);
  }

  @Test
  void anInstanceThatKnowsVersionOneAloneIsRefusedUnlessTheOperatorSaysSo() throws IOException {
    instance(call -> call.method().equals("PUT") ? Reply.of(403, "") : role(call));
    assertThat(stage.missing().reason()).contains("instance metadata service", "version 2");
    assertThat(stage.calls).extracting(Call::method).containsOnly("PUT");
  }

  @Test
  void anInstanceWithoutARoleIsTold() throws IOException {
    instance(call -> call.method().equals("PUT") ? Reply.of(200, "session") : Reply.of(404, ""));
    assertThat(stage.missing().reason()).contains("is there a role for the instance?");
  }

  @Test
  void anInstanceServiceThatDoesNotAnswerIsNoneAtFirstAndGoesOnWithWhatItGaveLater()
      throws IOException {
    instance(this::versionTwo);
    stage.found();
    stage.silence();
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIAINSTANCE");
    try (var silent = new CredentialStage(folder)) {
      silent.env.remove("AWS_EC2_METADATA_DISABLED");
      silent.env.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", silent.address());
      silent.silence();
      assertThat(silent.missing().reason()).contains("AWS_PROFILE");
      assertThat(silent.missing().passing()).isFalse();
    }
  }

  @Test
  void aPodIsGivenItsRoleForATokenThatIsReadAgainEachTime() throws IOException {
    pod("token-1");
    stage.server =
        call ->
            call.header("Authorization").startsWith("token-")
                ? Reply.of(200, stage.keys("ASIAPOD", Duration.ofMinutes(60)))
                : Reply.of(401, "");
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIAPOD");
    stage.file("token", "token-2\n");
    stage.later(Duration.ofMinutes(56));
    stage.found();
    assertThat(stage.calls)
        .extracting(call -> call.header("Authorization"))
        .containsExactly("token-1", "token-2");
  }

  @Test
  void aContainerMayBringItsTokenInAVariable() throws IOException {
    stage.env.put(FULL, stage.address() + "/v2/credentials/abc");
    stage.env.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Basic xyz");
    stage.server = call -> Reply.of(200, stage.keys("ASIATASK", Duration.ofHours(1)));
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIATASK");
    assertThat(stage.calls.getFirst().header("Authorization")).isEqualTo("Basic xyz");
    assertThat(stage.calls.getFirst().path()).isEqualTo("/v2/credentials/abc");
  }

  @Test
  void aTokenThatIsMissingOrOfTwoLinesIsNotSent() throws IOException {
    stage.env.put(FULL, stage.address() + "/role");
    stage.env.put(TOKEN_FILE, folder.resolve("token").toString());
    assertThat(stage.missing().reason()).contains(TOKEN_FILE, "cannot be read");
    stage.file("token", "token\r\nX-Other: canary");
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("no token of one line").doesNotContain("canary");
    stage.file("token", " \n");
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("is empty");
    assertThat(stage.calls).isEmpty();
  }

  @Test
  void theTokenGoesToNoOtherHostAndThePlainOnesAreFew() throws IOException {
    pod("token-1");
    stage.server = call -> new Reply(302, "", Map.of("Location", stage.address() + "/elsewhere"));
    assertThat(stage.missing().reason()).contains("status 302").doesNotContain("/role");
    assertThat(stage.calls).hasSize(1);
    for (var bad :
        new String[] {
          "http://192.0.2.1/role", "http://169.254.170.3/role", "ftp://127.0.0.1/role",
          "http://127.0.0.1@192.0.2.1/role", "http:///role", "no address"
        }) {
      try (var other = new CredentialStage(folder)) {
        other.env.put(FULL, bad);
        assertThat(other.missing().reason()).as(bad).contains("container: " + FULL);
        assertThat(other.missing().passing()).isFalse();
      }
    }
    try (var other = new CredentialStage(folder)) {
      other.env.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@192.0.2.1/role");
      assertThat(other.missing().reason()).contains("is no address");
    }
  }

  @Test
  void refusalsAndOutagesOfAContainersServiceAreToldApart() throws IOException {
    pod("token-1");
    stage.server = call -> Reply.of(403, "canary AccessDenied");
    assertThat(stage.missing().passing()).isFalse();
    assertThat(stage.missing().reason()).contains("status 403").doesNotContain("canary");
    assertThat(stage.calls).as("asked once").hasSize(1);
    stage.server = call -> Reply.of(500, "");
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().passing()).isTrue();
    assertThat(stage.calls).as("asked twice").hasSize(3);
    stage.server = call -> Reply.of(200, stage.keys("ASIAOLD", Duration.ofSeconds(-5)));
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("ended at");
    stage.server = call -> Reply.of(200, "x".repeat(CredentialText.MAX_BYTES + 1));
    stage.later(Duration.ofSeconds(2));
    stage.missing();
    stage.silence();
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("does not answer");
    assertThat(stage.missing().passing()).isTrue();
  }

  @Test
  void aContainersServiceIsBelievedByTheAuthoritiesTowardsAws() throws Exception {
    var server = TlsServer.create(folder, "server");
    var other = TlsServer.create(folder, "other");
    try (var tls = new CredentialStage(folder, Optional.of(server.tls()))) {
      tls.env.put(FULL, "https://localhost:" + tls.port() + "/role");
      tls.server = call -> Reply.of(200, tls.keys("ASIATLS", Duration.ofHours(1)));
      tls.env.put("AWS_CA_BUNDLE", other.pem().toString());
      assertThat(tls.missing().reason()).contains("does not answer");
      assertThat(tls.calls).isEmpty();
    }
    try (var tls = new CredentialStage(folder, Optional.of(server.tls()))) {
      tls.env.put(FULL, "https://localhost:" + tls.port() + "/role");
      tls.server = call -> Reply.of(200, tls.keys("ASIATLS", Duration.ofHours(1)));
      tls.env.put("AWS_CA_BUNDLE", server.pem().toString());
      assertThat(tls.found().accessKeyId()).isEqualTo("ASIATLS");
    }
  }

  private void instance(Function<Call, Reply> service) {
    stage.env.remove("AWS_EC2_METADATA_DISABLED");
    stage.env.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", stage.address() + "/");
    stage.server = service;
  }

  private Reply versionTwo(Call call) {
    if (call.method().equals("PUT")) {
      return call.path().equals("/latest/api/token")
          ? new Reply(200, "session", Map.of("x-aws-ec2-metadata-token-ttl-seconds", "21600"))
          : Reply.of(404, "");
    }
    return call.header("x-aws-ec2-metadata-token").equals("session")
        ? role(call)
        : Reply.of(401, "");
  }

  private Reply role(Call call) {
    if (call.path().equals(ROLE)) {
      return Reply.of(200, "agent-role");
    }
    return call.path().equals(ROLE + "agent-role")
        ? Reply.of(200, stage.keys("ASIAINSTANCE", Duration.ofHours(6)))
        : Reply.of(404, "");
  }

  private void pod(String token) throws IOException {
    stage.env.put(FULL, stage.address() + "/role");
    stage.env.put(TOKEN_FILE, stage.file("token", token).toString());
  }
}
