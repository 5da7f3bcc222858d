package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.agent.aws.CredentialOutcome.NoAgentCredentials;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.CredentialOutcome.Refused;
import dev.sallyport.agent.aws.CredentialOutcome.Unavailable;
import dev.sallyport.aws.AwsSettings;
import dev.sallyport.aws.OwnCredentials;
import dev.sallyport.aws.StsPlace;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class StsRoleAssumerTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/Example";
  private static final String HOP = "arn:aws:iam::123456789012:role/Hop";

  private record Answer(int status, String body) {}

  private record Call(Map<String, String> form, String authorization) {}

  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private Function<Map<String, String>, Answer> sts = form -> granted();
  private HttpServer server;
  private InstantSource clock = InstantSource.system();

  @BeforeEach
  void start() throws IOException {
    ((Logger) LoggerFactory.getLogger(OwnCredentials.class)).setAdditive(false);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          var form =
              form(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          calls.add(new Call(form, exchange.getRequestHeaders().getFirst("Authorization")));
          var answer = sts.apply(form);
          var body = answer.body.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/xml");
          exchange.sendResponseHeaders(answer.status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theUsersRoleIsAssumedUnderTheUsersNameWithTagsAndExternalId() {
    var session =
        new RoleSession(
            ROLE,
            "alice",
            StsPlace.of("eu-west-1"),
            Optional.empty(),
            Optional.of("ext-1"),
            Map.of("team", "a"));

    var outcome = assume(session, keys());

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Ready.class,
            ready -> {
              assertThat(ready.session()).isEqualTo(session);
              assertThat(ready.credentials().accessKeyId()).isEqualTo("ASIAGRANTED");
              assertThat(ready.credentials().sessionToken()).contains("token");
              assertThat(ready.credentials().expires()).isPresent();
            });
    assertThat(calls).hasSize(1);
    assertThat(calls.getFirst().form)
        .containsEntry("Action", "AssumeRole")
        .containsEntry("RoleArn", ROLE)
        .containsEntry("RoleSessionName", "alice")
        .containsEntry("ExternalId", "ext-1")
        .containsEntry("Tags.member.1.Key", "team")
        .doesNotContainKey("SourceIdentity");
    assertThat(calls.getFirst().authorization)
        .contains("Credential=AKIAAGENT/")
        .contains("/eu-west-1/sts/aws4_request");
  }

  @Test
  void theEndIsToldByTheClockOfThisHost() {
    clock = () -> Instant.now().minus(Duration.ofHours(2));

    assertThat(assume(plain(), keys()))
        .isInstanceOfSatisfying(
            Ready.class,
            ready ->
                assertThat(ready.credentials().expires().orElseThrow())
                    .isBetween(
                        Instant.parse("2036-11-22T21:55:00Z"),
                        Instant.parse("2036-11-22T22:05:00Z")));
  }

  @Test
  void throughAHopTheExternalIdGoesWithTheHopAndTheTagsWithTheUsersRole() {
    var session =
        new RoleSession(
            ROLE,
            "alice",
            StsPlace.of("us-east-1"),
            Optional.of(new RoleSession.Hop(HOP, Optional.of("ext-2"))),
            Optional.empty(),
            Map.of("team", "a"));

    assertThat(assume(session, keys())).isInstanceOf(Ready.class);

    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).form)
        .containsEntry("RoleArn", HOP)
        .containsEntry("ExternalId", "ext-2")
        .doesNotContainKey("Tags.member.1.Key");
    assertThat(calls.get(1).form)
        .containsEntry("RoleArn", ROLE)
        .containsEntry("Tags.member.1.Value", "a")
        .doesNotContainKey("ExternalId");
    assertThat(calls.get(1).authorization).contains("Credential=ASIAGRANTED/");
  }

  @Test
  void aRoleThatDoesNotTrustTheAgentIsNamedWithTheAgentsOwnRole() {
    sts =
        form ->
            "GetCallerIdentity".equals(form.get("Action"))
                ? new Answer(
                    200,
                    "<GetCallerIdentityResponse><GetCallerIdentityResult>"
                        + "<Arn>arn:aws:sts::123456789012:assumed-role/AgentRole/i-1</Arn>"
                        + "</GetCallerIdentityResult></GetCallerIdentityResponse>")
                : error(
                    403, "AccessDenied", "User: x is not authorized to perform: sts:AssumeRole");

    assertThat(assume(plain(), keys()))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.hint())
                    .contains(
                        "role "
                            + ROLE
                            + " does not trust agent role arn:aws:iam::123456789012:role/AgentRole")
                    .contains("sts:AssumeRole"));
  }

  @Test
  void theHintNamesTaggingAndTheExternalIdWhereTheyWent() {
    sts = form -> error(403, "AccessDenied", "no");
    var session =
        new RoleSession(
            ROLE,
            "alice",
            StsPlace.of("us-east-1"),
            Optional.empty(),
            Optional.of("ext"),
            Map.of("k", "v"));

    assertThat(assume(session, keys()))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.hint()).contains("sts:TagSession").contains("external_id"));
  }

  @Test
  void aSourceIdentityGoesWithTheFirstCallAndAwsKeepsIt() {
    assertThat(assume(marked(Optional.empty()), keys())).isInstanceOf(Ready.class);
    assertThat(calls.getFirst().form).containsEntry("SourceIdentity", "alice");
    calls.clear();
    assertThat(assume(marked(Optional.of(new RoleSession.Hop(HOP, Optional.empty()))), keys()))
        .isInstanceOf(Ready.class);
    assertThat(calls.get(0).form)
        .containsEntry("RoleArn", HOP)
        .containsEntry("SourceIdentity", "alice");
    assertThat(calls.get(1).form)
        .containsEntry("RoleArn", ROLE)
        .doesNotContainKey("SourceIdentity");
  }

  @Test
  void thePermissionThatAwsMissesIsNamed() {
    for (var action : List.of("sts:TagSession", "sts:SetSourceIdentity")) {
      sts =
          form -> error(403, "AccessDenied", "x is not authorized to perform: " + action + " on y");
      assertThat(assume(marked(Optional.empty()), keys()))
          .isInstanceOfSatisfying(
              Refused.class,
              it ->
                  assertThat(it.hint())
                      .startsWith(action + " is missing")
                      .contains("trust policy of role " + ROLE));
      assertThat(assume(plain(), keys()))
          .as("nobody sent such a thing")
          .isInstanceOfSatisfying(
              Refused.class, it -> assertThat(it.hint()).contains("does not trust agent role"));
    }
    sts = form -> error(403, "AccessDenied", "no");
    assertThat(assume(marked(Optional.empty()), keys()))
        .isInstanceOfSatisfying(
            Refused.class,
            it ->
                assertThat(it.hint())
                    .contains("sts:AssumeRole and sts:TagSession and sts:SetSourceIdentity"));
  }

  private static RoleSession marked(Optional<RoleSession.Hop> hop) {
    return new RoleSession(
        ROLE,
        "alice",
        StsPlace.of("us-east-1"),
        hop,
        Optional.empty(),
        new RoleSession.Marks(Map.of("k", "v"), Optional.of("alice")));
  }

  @Test
  void badCredentialsOfTheAgentAreTheAgentsFault() {
    sts = form -> error(403, "InvalidClientTokenId", "The security token is invalid");

    assertThat(assume(plain(), keys()))
        .isInstanceOfSatisfying(
            NoAgentCredentials.class,
            it -> assertThat(it.hint()).contains("InvalidClientTokenId").contains("AWS_PROFILE"));
  }

  @Test
  void withoutCredentialsNobodyIsAskedAndTheHintSaysWhatToSet() {
    assertThat(assume(plain(), Map.of()))
        .isInstanceOfSatisfying(
            NoAgentCredentials.class, it -> assertThat(it.hint()).contains("AWS_ACCESS_KEY_ID"));
    assertThat(calls).isEmpty();
  }

  @Test
  void otherRefusalsAndOutagesAreToldApart() {
    sts = form -> error(400, "PackedPolicyTooLarge", "too large");
    assertThat(assume(plain(), keys())).isInstanceOf(Refused.class);
    sts = form -> error(403, "RegionDisabledException", "off");
    assertThat(assume(plain(), keys())).isInstanceOf(Refused.class);
    sts = form -> error(503, "ServiceUnavailable", "down");
    assertThat(assume(plain(), keys())).isInstanceOf(Unavailable.class);
    sts = form -> new Answer(200, "<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>");
    assertThat(assume(plain(), keys())).isInstanceOf(Unavailable.class);
  }

  /// Whoever asks again later gets it: nothing that users could mend.
  @ParameterizedTest
  @ValueSource(strings = {"Throttling", "ThrottlingException", "RequestLimitExceeded"})
  void anStsThatThrottlesIsAnOutage(String code) {
    sts = form -> error(400, code, "Rate exceeded");
    assertThat(assume(plain(), keys()))
        .isInstanceOfSatisfying(
            Unavailable.class,
            it -> assertThat(it.reason()).contains("STS of us-east-1 cannot answer now", code));
  }

  @Test
  void anStsThatNobodyAnswersForIsAnOutage() throws IOException {
    int free;
    try (var socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    var env = new TreeMap<>(keys());
    env.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:" + free);

    assertThat(assumeWith(plain(), env)).isInstanceOf(Unavailable.class);
  }

  @Test
  void anEndpointThatIsNoAddressIsRefusedByName() {
    var settings = settings(Map.of("AWS_ENDPOINT_URL_STS", "localhost:1"));

    assertThatThrownBy(() ->
            new StsRoleAssumer(settings, () -> StsPlace.of("us-east-1"), InstantSource.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_STS");
  }

  private CredentialOutcome assume(RoleSession session, Map<String, String> variables) {
    var env = new TreeMap<>(variables);
    env.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:" + server.getAddress().getPort());
    return assumeWith(session, env);
  }

  private CredentialOutcome assumeWith(RoleSession session, Map<String, String> variables) {
    var env = new TreeMap<>(variables);
    env.put("AWS_EC2_METADATA_DISABLED", "true");
    env.put("AWS_CONFIG_FILE", "/nonexistent");
    env.put("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
    try (var assumer = new StsRoleAssumer(settings(env), () -> StsPlace.of("us-east-1"), clock)) {
      return assumer.assume(session);
    }
  }

  private static AwsSettings settings(Map<String, String> env) {
    try {
      return new AwsSettings(env, SystemTrust.load(Map.of()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> keys() {
    return Map.of("AWS_ACCESS_KEY_ID", "AKIAAGENT", "AWS_SECRET_ACCESS_KEY", "secret");
  }

  private static RoleSession plain() {
    return new RoleSession(
        ROLE, "alice", StsPlace.of("us-east-1"), Optional.empty(), Optional.empty(), Map.of());
  }

  private static Answer granted() {
    return new Answer(
        200,
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAGRANTED</AccessKeyId>"
            + "<SecretAccessKey>s</SecretAccessKey><SessionToken>token</SessionToken>"
            + "<Expiration>2036-11-23T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
            + "</AssumeRoleResponse>");
  }

  private static Answer error(int status, String code, String message) {
    return new Answer(
        status,
        "<ErrorResponse><Error><Type>Sender</Type><Code>"
            + code
            + "</Code><Message>"
            + message
            + "</Message></Error></ErrorResponse>");
  }

  private static Map<String, String> form(String body) {
    var form = new TreeMap<String, String>();
    for (var pair : body.split("&", -1)) {
      int equals = pair.indexOf('=');
      form.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return form;
  }
}
