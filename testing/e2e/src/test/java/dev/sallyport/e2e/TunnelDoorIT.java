package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.e2e.RawRequest.Form;
import dev.sallyport.testkit.aws.AccessKey;
import dev.sallyport.testkit.aws.ReceivedRequest;
import dev.sallyport.testkit.aws.ScriptedUpstream;
import dev.sallyport.testkit.aws.WireHeader;
import dev.sallyport.testkit.aws.WireRequest;
import dev.sallyport.testkit.aws.WireResponse;
import dev.sallyport.testkit.aws.WireServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a tunnel opened with no flag at all lets in, and that nothing a client says changes where
 * its requests go or who AWS thinks it is. Seen from AWS's end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TunnelDoorIT {
  private static final String PUT = "DynamoDB_20120810.PutItem";
  private static final String MARK = "smuggled";

  /** All that may reach AWS. */
  private static final Set<String> FORWARDED =
      Set.of(
          "accept",
          "accept-encoding",
          "amz-sdk-invocation-id",
          "amz-sdk-request",
          "authorization",
          "content-length",
          "content-type",
          "host",
          "user-agent",
          "x-amz-content-sha256",
          "x-amz-date",
          "x-amz-security-token",
          "x-amz-target",
          "x-amz-user-agent");

  @TempDir static Path folder = Path.of("");

  private @Nullable PassageSite started;
  private @Nullable WireServer elsewhere;

  @BeforeAll
  void start() throws Exception {
    elsewhere = WireServer.start(Optional.empty(), request -> WireResponse.Cut.atOnce());
    started = new PassageSite(folder);
  }

  @AfterAll
  void stop() {
    if (started != null) {
      started.close();
    }
    if (elsewhere != null) {
      elsewhere.close();
    }
  }

  @BeforeEach
  void forget() {
    site().guide.aws.gate().forget();
  }

  private PassageSite site() {
    return Objects.requireNonNull(started, "not started");
  }

  /** A server that nobody has any business with. */
  private WireServer elsewhere() {
    return Objects.requireNonNull(elsewhere, "not started");
  }

  private RawClient.Got exchange(String head) throws IOException {
    try (RawClient client = site().connect()) {
      client.send(
          head.replace("PORT", Integer.toString(site().port))
              .replace("ELSEWHERE", "127.0.0.1:" + elsewhere().port()));
      return client.read();
    }
  }

  private RawClient.Got post(String target, String lines) throws IOException {
    return exchange(
        "POST "
            + target
            + " HTTP/1.1\r\n"
            + lines
            + "Content-Type: application/x-amz-json-1.0\r\n"
            + "X-Amz-Target: DynamoDB_20120810.ListTables\r\n"
            + "Content-Length: 2\r\n\r\n"
            + "{}");
  }

  private void assertNothingWentAnywhere(RawClient.Got refusal) {
    assertThat(refusal.all("Content-Type")).containsExactly("application/x-amz-json-1.0");
    assertThat(refusal.text()).contains("__type").contains("message");
    assertThat(refusal.headers())
        .noneMatch(header -> header.name().toLowerCase(Locale.ROOT).startsWith("access-control"));
    assertThat(site().arrived()).isEmpty();
    assertThat(elsewhere().connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:PORT",
        "localhost",
        "localhost:80",
        "localhost.:PORT",
        "localhost.evil.example:PORT",
        "127.0.0.1.nip.io:PORT",
        "127.0.0.2:PORT",
        "127.1:PORT",
        "2130706433:PORT",
        "0.0.0.0:PORT",
        "[::ffff:127.0.0.1]:PORT",
        "169.254.169.254",
        "[::ffff:169.254.169.254]",
        "2852039166",
        "metadata.google.internal",
        "dynamodb.us-east-1.amazonaws.com",
        "ELSEWHERE",
        "localhost:PORT@evil.example",
        ""
      })
  void aRequestForAnotherHostIsRefused(String host) throws IOException {
    RawClient.Got got = post("/", "Host: " + host + "\r\n");
    assertThat(got.status()).as(got.text()).isEqualTo(403);
    assertNothingWentAnywhere(got);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Host: localhost:PORT\r\nHost: evil.example\r\n",
        "Host: localhost:PORT\r\nOrigin: http://evil.example\r\n",
        "Host: localhost:PORT\r\nOrigin: null\r\n",
        "Host: localhost:PORT\r\nORIGIN: http://localhost:PORT\r\n",
        "Host: localhost:PORT\r\nSec-Fetch-Site: cross-site\r\n",
        "Host: localhost:PORT\r\nsec-fetch-site: same-origin\r\n"
      })
  void aRequestOfAWebPageIsRefused(String lines) throws IOException {
    RawClient.Got got = post("/", lines);
    assertThat(got.status()).as(got.text()).isEqualTo(403);
    assertNothingWentAnywhere(got);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"})
  void onlyPostIsTaken(String method) throws IOException {
    RawClient.Got got =
        exchange(
            method
                + " / HTTP/1.1\r\nHost: localhost:PORT\r\n"
                + "Access-Control-Request-Method: POST\r\n\r\n");
    assertThat(got.status()).isEqualTo(405);
    assertThat(got.all("Allow")).containsExactly("POST");
    assertNothingWentAnywhere(got);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://evil.example/",
        "http://ELSEWHERE/",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost:PORT@ELSEWHERE/",
        "https://localhost:PORT/",
        "ELSEWHERE",
        "*",
        "//ELSEWHERE/",
        "/\\ELSEWHERE",
        "/?host=ELSEWHERE",
        "/service/DynamoDB_20120810/operation/ListTables"
      })
  void aTargetThatIsNotTheDatabasesRootIsRefused(String target) throws IOException {
    RawClient.Got got = post(target, "Host: localhost:PORT\r\n");
    assertThat(got.status()).as(got.text()).isEqualTo(400);
    assertNothingWentAnywhere(got);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "http://localhost:PORT/", "http://LOCALHOST:PORT"})
  void theTunnelsOwnNameIsTakenInEitherForm(String target) throws IOException {
    RawRequest sent = expected("{}");
    RawClient.Got got =
        post(target, "Host: localhost:PORT\r\n" + FarEnd.ID + ": " + sent.id() + "\r\n");
    assertThat(got.status()).as(got.text()).isEqualTo(200);
    assertWentHome(site().farEnd.take(sent.id()));
  }

  @Test
  void theTunnelListensOnLoopbackAlone() throws IOException {
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : each.inetAddresses().toList()) {
        if (!address.isLoopbackAddress()) {
          assertThatThrownBy(() -> new Socket(address, site().port).close())
              .as("%s", address)
              .isInstanceOf(IOException.class);
        }
      }
    }
  }

  private RawRequest expected(String body, String... more) {
    RawRequest request =
        new RawRequest(
            site().newId(),
            PUT,
            Manner.PLAIN.with(List.of(more)),
            body.getBytes(StandardCharsets.UTF_8),
            Form.SIZED);
    site()
        .farEnd
        .expect(request.id(), ScriptedUpstream.json(200, "request-of-" + request.id(), "{}"));
    return request;
  }

  /** It came to the configured address, under its name, in the configured region, as the role. */
  private void assertWentHome(WireRequest came) {
    assertThat(came.all("Host")).containsExactly(site().guide.aws.dynamoDbUri().getAuthority());
    assertThat(came.path()).isEqualTo("/");
    assertThat(came.query()).isEmpty();
    assertThat(came.all("Authorization")).hasSize(1).first().asString().contains("/us-east-1/");
    assertThat(came.headers())
        .allSatisfy(header -> {
          assertThat(FORWARDED).contains(header.name().toLowerCase(Locale.ROOT));
          assertThat(header.value()).doesNotContain(MARK);
        });
    assertThat(site().guide.aws.gate().received())
        .extracting(ReceivedRequest::caller)
        .allSatisfy(caller ->
            assertThat(caller.flatMap(AccessKey::role))
                .contains(site().guide.aws.account().role(GuideSite.IAM_ROLE)));
    assertThat(elsewhere().connections()).isZero();
  }

  @Test
  void noIdentityOrRoutingHeaderReachesAwsInAnySpelling() throws IOException {
    List<String> names =
        List.of(
            "X-Forwarded-For",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Real-IP",
            "X-Original-URL",
            "X-HTTP-Method-Override",
            "X-Amz-Security-Token",
            "X-Amz-Date",
            "X-Amz-Content-Sha256",
            "X-Amz-Credential",
            "X-Amz-Signature",
            "X-Amz-Source-Arn",
            "X-Amz-Source-Account",
            "X-Teleport-User",
            "Teleport-Impersonate",
            "Proxy-Authorization",
            "Forwarded",
            "Cookie",
            "Via");
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      lines.add(name + ": " + MARK);
      lines.add(name.replace('-', '_') + ": " + MARK);
      lines.add(name.toUpperCase(Locale.ROOT) + ": " + MARK);
      lines.add(name.toLowerCase(Locale.ROOT).replace('-', '_') + ": " + MARK);
    }
    try (RawClient client = site().connect()) {
      for (String line : lines) {
        RawRequest request = expected("{\"TableName\":\"Music\"}", line);
        request.sendBy(client, site().port);
        RawClient.Got got = client.read();
        assertThat(got.status()).as(line + ": " + got.text()).isEqualTo(200);
        WireRequest came = site().farEnd.take(request.id());
        assertWentHome(came);
        assertThat(came.headers()).extracting(WireHeader::value).noneMatch(v -> v.contains(MARK));
      }
    }
  }

  @Test
  void whatTheClientSignedWithIsNeitherCheckedNorForwarded() throws IOException {
    RawRequest request =
        expected("{}", "X-Amz-Date: 19990101T000000Z", "X-Amz-Security-Token: " + MARK);
    try (RawClient client = site().connect()) {
      request.sendBy(client, site().port);
      assertThat(client.read().status()).isEqualTo(200);
    }
    WireRequest came = site().farEnd.take(request.id());
    assertWentHome(came);
    assertThat(came.all("Authorization").getFirst()).doesNotContain("Credential=tunnel");
    assertThat(came.all("X-Amz-Date")).hasSize(1).doesNotContain("19990101T000000Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Amz-Target", "x-amz-TARGET", "Content-Type"})
  void aSecondHeaderThatDecidesIsRefused(String name) throws IOException {
    RawRequest request = expected("{}", name + ": DynamoDB_20120810.DeleteTable");
    try (RawClient client = site().connect()) {
      request.sendBy(client, site().port);
      RawClient.Got got = client.read();
      assertThat(got.status()).isEqualTo(400);
      assertNothingWentAnywhere(got);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"TableName\":\"arn:aws:dynamodb:eu-west-1:999999999999:table/Music\"}",
        "{\"TableName\":\"arn:aws-cn:dynamodb:cn-north-1:999999999999:table/Music\"}",
        "{\"TableName\":\"http://ELSEWHERE/\"}",
        "{\"TableName\":\"Music\",\"Host\":\"ELSEWHERE\",\"Endpoint\":\"http://ELSEWHERE/\"}"
      })
  void aTableOfSomewhereElseIsAskedForAtTheDatabasesOwnEndpoint(String body) throws IOException {
    RawRequest request = expected(body.replace("ELSEWHERE", "127.0.0.1:" + elsewhere().port()));
    try (RawClient client = site().connect()) {
      request.sendBy(client, site().port);
      RawClient.Got got = client.read();
      assertThat(got.status()).as(got.text()).isEqualTo(200);
    }
    assertWentHome(site().farEnd.take(request.id()));
  }

  @Test
  void anUnknownOperationIsRefusedBeforeAws() throws IOException {
    RawClient.Got got =
        exchange(
            "POST / HTTP/1.1\r\nHost: localhost:PORT\r\n"
                + "X-Amz-Target: http://ELSEWHERE/.ListTables\r\nContent-Length: 2\r\n\r\n{}");
    assertThat(got.status()).isEqualTo(400);
    assertThat(got.text()).contains("UnknownOperationException");
    assertNothingWentAnywhere(got);
  }
}
