package dev.sallyport.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.aws.CredentialStage.Call;
import dev.sallyport.aws.CredentialStage.Reply;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Roles by which the agent gets its own credentials: web identity, profiles with a `role_arn`, and
/// single sign-on.
class RoleSourcesTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/Agent";
  private static final String SSO_CACHE = ".aws/sso/cache/" + SsoSignIn.fileName("corp");
  @TempDir Path folder;
  private CredentialStage stage;

  @BeforeEach
  void start() throws IOException {
    stage = new CredentialStage(folder);
    stage.env.put("AWS_ENDPOINT_URL", stage.address());
    stage.server = call -> granted("ASIAROLE");
  }

  @AfterEach
  void stop() {
    stage.close();
  }

  @Test
  void aTokenFromAFileIsReadForEachCallAndTheCallIsNotSigned() throws IOException {
    webIdentity("jwt-1");
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIAROLE");
    var form = form(stage.calls.getFirst());
    assertThat(form)
        .containsEntry("Action", "AssumeRoleWithWebIdentity")
        .containsEntry("RoleArn", ROLE)
        .containsEntry("RoleSessionName", "sallyport-agent")
        .containsEntry("WebIdentityToken", "jwt-1");
    assertThat(stage.calls.getFirst().header("Authorization")).isEmpty();
    stage.file("jwt", "jwt-2");
    stage.later(Duration.ofMinutes(57));
    stage.found();
    assertThat(form(stage.calls.getLast())).containsEntry("WebIdentityToken", "jwt-2");
  }

  @Test
  void whatIsWrongWithATokenIsTold() throws IOException {
    webIdentity(" ");
    assertThat(stage.missing().reason()).contains("web identity: token file", "is empty");
    stage.env.put("AWS_WEB_IDENTITY_TOKEN_FILE", folder.resolve("none").toString());
    try (var other = again()) {
      assertThat(other.missing().reason()).contains("none does not exist");
    }
    stage.env.remove("AWS_ROLE_ARN");
    try (var other = again()) {
      assertThat(other.missing().reason())
          .contains("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not");
    }
    webIdentity("canary");
    stage.server = call -> refused(400, "ExpiredTokenException");
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("the token in", "has ended");
    assertThat(stage.missing().passing()).isFalse();
    stage.server = call -> refused(403, "AccessDenied");
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason())
        .contains("role " + ROLE + " does not exist or does not trust the token in")
        .contains("sts:AssumeRoleWithWebIdentity")
        .doesNotContain("canary");
    stage.server = call -> refused(400, "InvalidIdentityToken");
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("AWS STS does not take the token");
    stage.server = call -> refused(503, "ServiceUnavailable");
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().passing()).isTrue();
    stage.silence();
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("AWS STS of us-east-1 cannot be reached");
    assertThat(stage.missing().passing()).isTrue();
  }

  @Test
  void theTokenGoesToStsThatTheAuthoritiesTowardsAwsVouchFor() throws Exception {
    var server = TlsServer.create(folder, "server");
    for (var believed : List.of(server, TlsServer.create(folder, "other"))) {
      try (var tls = new CredentialStage(folder, Optional.of(server.tls()))) {
        tls.server = call -> granted("ASIATLS");
        tls.env.put("AWS_ENDPOINT_URL_STS", "https://localhost:" + tls.port());
        tls.env.put("AWS_CA_BUNDLE", believed.pem().toString());
        tls.env.put("AWS_WEB_IDENTITY_TOKEN_FILE", tls.file("jwt", "jwt").toString());
        tls.env.put("AWS_ROLE_ARN", ROLE);
        if (believed.equals(server)) {
          assertThat(tls.found().accessKeyId()).isEqualTo("ASIATLS");
        } else {
          assertThat(tls.missing().reason()).contains("cannot be reached");
          assertThat(tls.calls).isEmpty();
        }
      }
    }
  }

  @Test
  void theTokenGoesToTheStsOfFipsAndDualStackWhereThoseAreAskedFor() throws Exception {
    assertThat(dialled(new StsPlace("us-east-1", true, false)))
        .contains("CONNECT sts-fips.us-east-1.amazonaws.com:443");
    assertThat(dialled(new StsPlace("eu-west-1", false, true)))
        .contains("CONNECT sts.eu-west-1.api.aws:443");
    assertThat(dialled(StsPlace.of("cn-north-1")))
        .contains("CONNECT sts.cn-north-1.amazonaws.com.cn:443");
  }

  /// Whom the agent dials, as a proxy in between sees it.
  private List<String> dialled(StsPlace place) throws Exception {
    var seen = new CopyOnWriteArrayList<String>();
    var proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var serving = Thread.ofVirtual().start(() -> serve(proxy, seen));
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", "" + proxy.getLocalPort());
    try (var other = new CredentialStage(folder)) {
      other.place = place;
      other.env.put("AWS_WEB_IDENTITY_TOKEN_FILE", other.file("jwt", "jwt").toString());
      other.env.put("AWS_ROLE_ARN", ROLE);
      assertThat(other.missing().passing()).isTrue();
    } finally {
      System.clearProperty("https.proxyHost");
      System.clearProperty("https.proxyPort");
      proxy.close();
      serving.join();
    }
    return seen;
  }

  private static void serve(ServerSocket proxy, List<String> seen) {
    while (!proxy.isClosed()) {
      try (var client = proxy.accept();
          var in =
              new BufferedReader(
                  new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
        var line = Optional.ofNullable(in.readLine()).orElse("");
        seen.add(line.replaceAll(" HTTP/1.1$", ""));
        while (!Optional.ofNullable(in.readLine()).orElse("").isEmpty()) {}
        client
            .getOutputStream()
            .write(
                "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException e) {
        // The test is over, or the client went away.
      }
    }
  }

  @Test
  void aProfileMayAssumeARoleWithOtherCredentials() throws IOException {
    stage.file(
        ".aws/config",
        """
        [default]
        role_arn = %s
        source_profile = base
        external_id = ext-1
        role_session_name = agent-7
        [profile base]
        aws_access_key_id = AKIABASE
        aws_secret_access_key = secret
        """
            .formatted(ROLE));
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIAROLE");
    assertThat(form(stage.calls.getFirst()))
        .containsEntry("Action", "AssumeRole")
        .containsEntry("ExternalId", "ext-1")
        .containsEntry("RoleSessionName", "agent-7");
    assertThat(stage.calls.getFirst().header("Authorization")).contains("Credential=AKIABASE/");
    stage.server = call -> refused(403, "AccessDenied");
    stage.later(Duration.ofMinutes(61));
    assertThat(stage.missing().reason())
        .contains("does not trust profile \"base\" (sts:AssumeRole)");
  }

  @Test
  void aProfileMayAssumeARoleWithWhatTheContainerGives() throws IOException {
    stage.env.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", stage.address() + "/task");
    stage.file(
        ".aws/config", "[default]\nrole_arn = " + ROLE + "\ncredential_source = EcsContainer\n");
    stage.server =
        call ->
            call.path().equals("/task")
                ? Reply.of(200, stage.keys("ASIATASK", Duration.ofHours(1)))
                : granted("ASIAROLE");
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIAROLE");
    assertThat(stage.calls.getLast().header("Authorization")).contains("Credential=ASIATASK/");
  }

  @Test
  void aSingleSignOnGivesARoleOfAnAccount() throws IOException {
    signedIn(stage.now.plus(Duration.ofHours(1)).toString());
    stage.server = this::portal;
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIASSO");
    assertThat(stage.calls.getFirst().path())
        .contains("account_id=123456789012", "role_name=Operator");
    assertThat(stage.calls.getFirst().header("x-amz-sso_bearer_token")).isEqualTo("access-1");
  }

  @Test
  void aSingleSignOnIsRenewedWhereTheCliKeepsItAndItsEndIsTold() throws IOException {
    signedIn(stage.now.minusSeconds(5).toString());
    stage.server = this::portal;
    assertThat(stage.found().accessKeyId()).isEqualTo("ASIASSO");
    assertThat(stage.calls.getFirst().body()).contains("refresh_token", "refresh-1");
    assertThat(folder.resolve(SSO_CACHE))
        .content()
        .contains("access-2", "refresh-2", "\"startUrl\"", "client-secret");
    stage.later(Duration.ofHours(9));
    stage.server =
        call ->
            new Reply(
                400,
                "{\"error\":\"invalid_grant\"}",
                Map.of("x-amzn-ErrorType", "InvalidGrantException"));
    assertThat(stage.missing().reason())
        .contains("profile \"default\": the sign-in cannot be renewed any more")
        .contains("aws sso login --profile default");
    assertThat(stage.missing().passing()).isFalse();
  }

  @Test
  void aSingleSignOnThatEndedOrNeverWasIsTold() throws IOException {
    signedIn("2020-06-17T19:10:46UTC");
    stage.file(SSO_CACHE, "{\"accessToken\":\"canary\",\"expiresAt\":\"2020-06-17T19:10:46UTC\"}");
    assertThat(stage.missing().reason())
        .contains("the sign-in ended at 2020-06-17T19:10:46Z; run aws sso login")
        .doesNotContain("canary");
    Files.delete(folder.resolve(SSO_CACHE));
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason()).contains("was never made here");
    signedIn(stage.now.plusSeconds(600).toString());
    stage.later(Duration.ofSeconds(2));
    stage.server =
        call -> new Reply(401, "{}", Map.of("x-amzn-ErrorType", "UnauthorizedException"));
    assertThat(stage.missing().reason()).contains("is not valid any more");
    stage.server = call -> new Reply(403, "{}", Map.of("x-amzn-ErrorType", "ForbiddenException"));
    stage.later(Duration.ofSeconds(2));
    assertThat(stage.missing().reason())
        .contains("no credentials of role Operator in account 123456789012");
    assertThat(stage.calls).noneMatch(call -> call.path().contains("/token"));
  }

  private Reply portal(Call call) {
    if (call.path().startsWith("/token")) {
      return Reply.of(
          200,
          "{\"accessToken\":\"access-2\",\"refreshToken\":\"refresh-2\",\"expiresIn\":28800,"
              + "\"tokenType\":\"Bearer\"}");
    }
    return Reply.of(
        200,
        "{\"roleCredentials\":{\"accessKeyId\":\"ASIASSO\",\"secretAccessKey\":\"s\","
            + "\"sessionToken\":\"t\",\"expiration\":%d}}"
                .formatted(stage.now.plus(Duration.ofHours(8)).toEpochMilli()));
  }

  private void signedIn(String end) throws IOException {
    stage.file(
        ".aws/config",
        """
        [default]
        sso_session = corp
        sso_account_id = 123456789012
        sso_role_name = Operator
        [sso-session corp]
        sso_region = eu-west-1
        sso_start_url = https://corp.awsapps.com/start
        """);
    stage.file(
        SSO_CACHE,
        """
        {"startUrl":"https://corp.awsapps.com/start","region":"eu-west-1",
         "accessToken":"access-1","expiresAt":"%s","clientId":"client-id",
         "clientSecret":"client-secret","refreshToken":"refresh-1",
         "registrationExpiresAt":"2099-01-01T00:00:00Z"}
        """
            .formatted(end));
  }

  private void webIdentity(String token) throws IOException {
    stage.env.put("AWS_WEB_IDENTITY_TOKEN_FILE", stage.file("jwt", token).toString());
    stage.env.put("AWS_ROLE_ARN", ROLE);
  }

  private CredentialStage again() throws IOException {
    var other = new CredentialStage(folder);
    other.env.putAll(stage.env);
    return other;
  }

  private static Map<String, String> form(Call call) {
    var form = new TreeMap<String, String>();
    for (var pair : call.body().split("&")) {
      var parts = pair.split("=", 2);
      form.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return form;
  }

  private Reply granted(String id) {
    var body =
        ("<Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                + "<SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials>")
            .formatted(id, stage.now.plus(Duration.ofHours(1)));
    return Reply.of(
        200,
        "<R><AssumeRoleResult>%s</AssumeRoleResult><AssumeRoleWithWebIdentityResult>%s"
                .formatted(body, body)
            + "</AssumeRoleWithWebIdentityResult></R>");
  }

  private static Reply refused(int status, String code) {
    return Reply.of(
        status,
        "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error>"
                .formatted(code)
            + "</ErrorResponse>");
  }
}
