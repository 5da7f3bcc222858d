package dev.sallyport.auth.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sallyport.aws.AwsSettings;
import dev.sallyport.aws.TakenRole;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// By whose credentials objects are put, before one server that plays S3, STS and the metadata
/// service of an instance. The clock stands until it is moved.
final class S3CredentialsTest {
  private static final String ROLE = "arn:aws:iam::123456789012:role/AuditWriter";
  private static final String METADATA = "/latest/meta-data/iam/security-credentials/";

  @TempDir Path folder;
  private final Map<String, String> env = new TreeMap<>();
  private final List<String> writers = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private Instant now = Instant.now();
  private volatile int stsStatus = 200;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    env.put("HOME", folder.toString());
    env.put("AWS_ENDPOINT_URL_STS", address());
    env.put("AWS_EC2_METADATA_DISABLED", "true");
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var path = exchange.getRequestURI().getPath();
    var by = writer(exchange.getRequestHeaders().getFirst("Authorization"));
    if (path.startsWith("/logs/")) {
      writers.add(by);
      reply(exchange, 200, "");
    } else if (path.equals("/latest/api/token")) {
      exchange.getResponseHeaders().add("x-aws-ec2-metadata-token-ttl-seconds", "21600");
      reply(exchange, 200, "session");
    } else if (path.equals(METADATA)) {
      reply(exchange, 200, "audit-role");
    } else if (path.equals(METADATA + "audit-role")) {
      reply(exchange, 200, instanceKeys());
    } else {
      asked.add(by + " " + body);
      reply(exchange, stsStatus, stsStatus == 200 ? granted() : refused());
    }
  }

  private static void reply(HttpExchange exchange, int status, String text) throws IOException {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  /// The key id of a signature; "nobody" where there is none.
  private static String writer(String authorization) {
    return authorization == null
        ? "nobody"
        : authorization.replaceFirst("^.*Credential=([A-Z0-9]+)/.*$", "$1");
  }

  private static String instanceKeys() {
    return """
    {"Code":"Success","Type":"AWS-HMAC","LastUpdated":"%s","AccessKeyId":"ASIAINSTANCE",
     "SecretAccessKey":"canary","Token":"t","Expiration":"%s"}
    """
        .formatted(seconds(Duration.ZERO), seconds(Duration.ofHours(6)));
  }

  /// For an hour by the clock of the answer's `Date`, which stands for AWS's.
  private String granted() {
    var keys =
        """
        <Credentials><AccessKeyId>ASIA%d</AccessKeyId><SecretAccessKey>canary</SecretAccessKey>
        <SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials>
        """
            .formatted(asked.size(), seconds(Duration.ofHours(1)));
    return "<R><AssumeRoleResult>%s</AssumeRoleResult><AssumeRoleWithWebIdentityResult>%s"
            .formatted(keys, keys)
        + "</AssumeRoleWithWebIdentityResult></R>";
  }

  private static String refused() {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>"
        + "<Message>User: it is not authorized</Message></Error></ErrorResponse>";
  }

  private static Instant seconds(Duration ahead) {
    return Instant.now().plus(ahead).truncatedTo(ChronoUnit.SECONDS);
  }

  private S3Export export(Optional<TakenRole.Role> role) throws IOException {
    return new S3Export(
        new ExportTarget.S3(
            "logs",
            "",
            "eu-west-1",
            Optional.of(URI.create(address())),
            true,
            1 << 20,
            Duration.ofMinutes(1),
            SystemTrust.load(Map.of()),
            AwsSettings.of(env),
            role),
        () -> now);
  }

  @Test
  void halfAPairOfKeysIsRefusedAtTheStartAndTheMissingOneNamed() {
    env.put("AWS_EC2_METADATA_DISABLED", "false");
    env.put("AWS_ACCESS_KEY_ID", "AKIAHALF");
    assertThatThrownBy(() -> export(Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "auth_service.audit.s3: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
    env.remove("AWS_ACCESS_KEY_ID");
    env.put("AWS_SECRET_ACCESS_KEY", "canary");
    assertThatThrownBy(() -> export(Optional.empty()))
        .hasMessage(
            "auth_service.audit.s3: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not");
    env.put("AWS_ACCESS_KEY_ID", " ");
    assertThatThrownBy(() -> export(Optional.empty())).hasMessageContaining("is not");
  }

  @Test
  void aTokenWithoutARoleAndAnStsWithoutAnAddressAreRefusedAtTheStart() {
    env.put("AWS_WEB_IDENTITY_TOKEN_FILE", folder.resolve("jwt").toString());
    assertThatThrownBy(() -> export(Optional.empty())).hasMessageContaining("AWS_ROLE_ARN is not");
    env.put("AWS_ROLE_ARN", ROLE);
    env.put("AWS_ENDPOINT_URL_STS", "sts");
    assertThatThrownBy(() -> export(Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AWS_ENDPOINT_URL_STS");
  }

  @Test
  void aWebIdentityIsAskedForAgainAheadOfItsEndWithTheTokenOfThen() throws Exception {
    env.put("AWS_WEB_IDENTITY_TOKEN_FILE", file("jwt", "jwt-1").toString());
    env.put("AWS_ROLE_ARN", ROLE);
    try (var export = export(Optional.empty())) {
      export.put(Rows.of(1, 1));
      now = now.plus(Duration.ofMinutes(54));
      export.put(Rows.of(2, 1));
      file("jwt", "jwt-2");
      now = now.plus(Duration.ofMinutes(2));
      export.put(Rows.of(3, 1));
    }
    assertThat(writers).containsExactly("ASIA1", "ASIA1", "ASIA2");
    assertThat(asked)
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .startsWith("nobody ")
                    .contains("RoleSessionName=sallyport-auth", "WebIdentityToken=jwt-1"),
            second -> assertThat(second).contains("WebIdentityToken=jwt-2"));
  }

  @Test
  void credentialsThatEndedAreNotUsedWhenNoOthersCanBeHad() throws Exception {
    env.put("AWS_WEB_IDENTITY_TOKEN_FILE", file("jwt", "jwt-1").toString());
    env.put("AWS_ROLE_ARN", ROLE);
    try (var export = export(Optional.empty())) {
      export.put(Rows.of(1, 1));
      stsStatus = 403;
      now = now.plus(Duration.ofMinutes(56));
      export.put(Rows.of(2, 1));
      now = now.plus(Duration.ofMinutes(5));
      assertThatThrownBy(() -> export.put(Rows.of(3, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the Auth Service gets no AWS credentials from web identity: role ")
          .hasMessageNotContaining("jwt-1");
      stsStatus = 200;
      now = now.plus(Duration.ofSeconds(2));
      export.put(Rows.of(3, 1));
    }
    assertThat(writers).containsExactly("ASIA1", "ASIA1", "ASIA4");
  }

  @Test
  void theRoleOfAnInstanceWrites() throws Exception {
    env.put("AWS_EC2_METADATA_DISABLED", "false");
    env.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", address());
    try (var export = export(Optional.empty())) {
      export.put(Rows.of(1, 1));
    }
    assertThat(writers).containsExactly("ASIAINSTANCE");
  }

  @Test
  void aSourceThatFailsIsNotReplacedByTheInstance() throws Exception {
    env.put("AWS_EC2_METADATA_DISABLED", "false");
    env.put("AWS_EC2_METADATA_SERVICE_ENDPOINT", address());
    env.put("AWS_PROFILE", "audit");
    try (var export = export(Optional.empty())) {
      assertThatThrownBy(() -> export.put(Rows.of(1, 1)))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the Auth Service gets no AWS credentials from profile \"audit\": there is no"
                  + " profile \"audit\"");
      file(
          ".aws/credentials",
          "[audit]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = canary\n");
      export.put(Rows.of(1, 1));
    }
    assertThat(writers).containsExactly("AKIAPROFILE");
  }

  @Test
  void theRoleOfTheConfigurationIsTakenByTheOwnKeysAndAgainAheadOfItsEnd() throws Exception {
    env.put("AWS_ACCESS_KEY_ID", "AKIAOWN");
    env.put("AWS_SECRET_ACCESS_KEY", "canary");
    try (var export = export(Optional.of(new TakenRole.Role(ROLE, Optional.of("its-id"))))) {
      export.put(Rows.of(1, 1));
      now = now.plus(Duration.ofMinutes(56));
      export.put(Rows.of(2, 1));
    }
    assertThat(writers).containsExactly("ASIA1", "ASIA2");
    assertThat(asked)
        .hasSize(2)
        .allSatisfy(call ->
            assertThat(call)
                .startsWith("AKIAOWN ")
                .contains("Action=AssumeRole&", "ExternalId=its-id"));
  }

  @Test
  void aRoleThatIsRefusedIsToldAndTheOwnKeysDoNotWriteInItsPlace() throws Exception {
    env.put("AWS_ACCESS_KEY_ID", "AKIAOWN");
    env.put("AWS_SECRET_ACCESS_KEY", "canary");
    stsStatus = 403;
    try (var export = export(Optional.of(new TakenRole.Role(ROLE, Optional.empty())))) {
      assertThatThrownBy(() -> export.put(Rows.of(1, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "role " + ROLE + " does not exist or does not trust the AWS identity of the Auth")
          .hasMessageNotContaining("canary");
    }
    assertThat(writers).isEmpty();
  }

  private Path file(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
