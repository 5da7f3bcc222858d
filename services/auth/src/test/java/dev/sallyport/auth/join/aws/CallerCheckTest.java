package dev.sallyport.auth.join.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.CallerIdentityCall;
import dev.sallyport.control.CallerProof;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.AwsCallerRule;
import dev.sallyport.model.AwsPrincipalPattern;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.KeyPairs;
import java.io.IOException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the Auth Service asks STS, for whom, and what it believes.
final class CallerCheckTest {
  private static final String ROOT = "arn:aws:iam::123456789012:root";
  private static final List<AwsCallerRule> ANY =
      List.of(new AwsCallerRule(Optional.of("123456789012"), Optional.empty()));
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final String SIGNATURE = "0123456789abcdef".repeat(4);
  private static final CallerProof UNBOUND =
      new CallerProof("", "AKIAEXAMPLE000000000", "20261122T180000Z", Optional.empty(), SIGNATURE);

  private final PublicKey key = KeyPairs.generate().getPublic();
  private Instant now = Instant.parse("2026-11-22T18:00:00Z");
  private StsScript sts;
  private CallerCheck check;

  @BeforeEach
  void open() throws IOException {
    sts = new StsScript();
    check =
        CallerCheck.of(
            Map.of("AWS_ENDPOINT_URL_STS", sts.address()), LIMIT, () -> now, new SecureRandom());
  }

  @AfterEach
  void close() {
    sts.close();
  }

  private static CallerProof with(String challenge, CallerProof proof) {
    return new CallerProof(
        challenge, proof.accessKeyId(), proof.date(), proof.sessionToken(), proof.signature());
  }

  private String challenge() {
    return check.challenge(key, "token", "us-east-1").challenge();
  }

  private void join(CallerProof proof) {
    check.check(with(challenge(), proof), key, "token", ANY);
  }

  private static void refused(ThrowingCallable call, ErrorKind kind, String message) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(ControlException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContaining(message);
  }

  @Test
  void stsIsAskedOneQuestionThatIsMadeHere() {
    var challenge = challenge();
    var token = Optional.of(Secret.of("the/session+token="));
    var proof =
        new CallerProof(challenge, "ASIAEXAMPLE000000000", "20261122T180000Z", token, SIGNATURE);
    assertThat(check.check(proof, key, "token", ANY).arn()).isEqualTo(ROOT);
    var asked = sts.asked.getFirst();
    assertThat(asked.line()).isEqualTo("POST /");
    assertThat(asked.body()).isEqualTo("Action=GetCallerIdentity&Version=2011-06-15");
    assertThat(asked.headers())
        .containsEntry("accept", List.of("application/json"))
        .containsEntry("host", List.of(sts.address().substring("http://".length())))
        .containsEntry("x-amz-security-token", List.of("the/session+token="))
        .containsEntry(
            "x-sallyport-challenge",
            List.of(CallerIdentityCall.headers(challenge, key).get("x-sallyport-challenge")))
        .containsEntry(
            "authorization",
            List.of(
                "AWS4-HMAC-SHA256"
                    + " Credential=ASIAEXAMPLE000000000/20261122/us-east-1/sts/aws4_request,"
                    + " SignedHeaders=accept;content-type;host;x-amz-date;x-amz-security-token;"
                    + "x-sallyport-challenge, Signature="
                    + SIGNATURE));
    assertThat(CallerIdentityCall.headers(challenge, key).get("x-sallyport-challenge"))
        .startsWith(challenge + ".")
        .hasSize(challenge.length() + 1 + 64);
  }

  @Test
  void challengesAreGoodOnceForAMinuteAndForWhomTheyWereGiven() {
    var used = challenge();
    check.check(with(used, UNBOUND), key, "token", ANY);
    refused(
        () -> check.check(with(used, UNBOUND), key, "token", ANY),
        ErrorKind.ACCESS_DENIED,
        "was used before");
    var old = challenge();
    now = now.plusSeconds(60);
    refused(
        () -> check.check(with(old, UNBOUND), key, "token", ANY),
        ErrorKind.ACCESS_DENIED,
        "older than a minute");
    var ofAnother = check.challenge(KeyPairs.generate().getPublic(), "token", "us-east-1");
    refused(
        () -> check.check(with(ofAnother.challenge(), UNBOUND), key, "token", ANY),
        ErrorKind.ACCESS_DENIED,
        "was not given for this");
    var otherToken = check.challenge(key, "other", "us-east-1");
    refused(
        () -> check.check(with(otherToken.challenge(), UNBOUND), key, "token", ANY),
        ErrorKind.ACCESS_DENIED,
        "was not given for this");
    for (var madeUp : List.of("", "A".repeat(43), used + "x")) {
      refused(
          () -> check.check(with(madeUp, UNBOUND), key, "token", ANY),
          ErrorKind.ACCESS_DENIED,
          "was not given for this");
    }
    assertThat(sts.asked).hasSize(1);
    // Also a try that fails uses its challenge up.
    var failed = challenge();
    refused(
        () -> check.check(with(failed, proof("signature", "x")), key, "token", ANY),
        ErrorKind.BAD_PARAMETER,
        "iam.signature");
    refused(
        () -> check.check(with(failed, UNBOUND), key, "token", ANY),
        ErrorKind.ACCESS_DENIED,
        "was used before");
  }

  @Test
  void noMoreChallengesThanTheLimitAreOut() {
    for (var i = 0; i < JoinChallenges.OUT_MAX; i++) {
      challenge();
    }
    refused(this::challenge, ErrorKind.LIMIT_EXCEEDED, "try again later");
    now = now.plusSeconds(60);
    assertThat(challenge()).isNotEmpty();
  }

  private static CallerProof proof(String part, String value) {
    return new CallerProof(
        "",
        part.equals("access_key_id") ? value : UNBOUND.accessKeyId(),
        part.equals("date") ? value : UNBOUND.date(),
        part.equals("session_token") ? Optional.of(Secret.of(value)) : Optional.empty(),
        part.equals("signature") ? value : UNBOUND.signature());
  }

  @ParameterizedTest
  @CsvSource(
      ignoreLeadingAndTrailingWhitespace = false,
      delimiter = '~',
      value = {
        "access_key_id~AKIAEXAMPLE000000000/20261122/us-east-1/iam/aws4_request, x=",
        "access_key_id~akiaexample000000000",
        "access_key_id~''",
        "date~20261122T180000Z\\nX-Evil: 1",
        "date~2026-11-22",
        "date~''",
        "signature~ABCDEF",
        "signature~0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF",
        "signature~''",
        "session_token~a\\r\\nX-Amz-Date: 1",
        "session_token~a b",
        "session_token~''"
      })
  void partsOfAnotherFormNeverReachAws(String part, String value) {
    var bad = value.replace("\\r", "\r").replace("\\n", "\n");
    refused(() -> join(proof(part, bad)), ErrorKind.BAD_PARAMETER, "iam." + part);
    assertThat(sts.asked).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "moon",
        "us-east-9",
        "us-east-1.example.com",
        "us-east-1/../x",
        "us-east-1#",
        "US-EAST-1",
        "aws-global",
        "us-east-1@example.com"
      })
  void onlyRegionsThatAwsIsKnownToHaveAreAsked(String region) {
    refused(() -> check.challenge(key, "token", region), ErrorKind.BAD_PARAMETER, "AWS_REGION");
    assertThat(StsHost.of(region, Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "us-east-1, sts.us-east-1.amazonaws.com, aws",
    "eu-central-1, sts.eu-central-1.amazonaws.com, aws",
    "cn-north-1, sts.cn-north-1.amazonaws.com.cn, aws-cn",
    "us-gov-west-1, sts.us-gov-west-1.amazonaws.com, aws-us-gov"
  })
  void eachRegionHasItsOwnSts(String region, String name, String partition) {
    var host = StsHost.of(region, Optional.empty()).orElseThrow();
    assertThat(host.uri()).hasToString("https://" + name);
    assertThat(host.authority()).isEqualTo(name);
    assertThat(host.partition()).isEqualTo(partition);
  }

  @Test
  void whatAwsRefusesIsRefused() {
    sts.answer =
        exchange ->
            StsScript.send(
                exchange,
                403,
                "application/json",
                "{\"Error\":{\"Code\":\"SignatureDoesNotMatch\",\"Message\":\"m\"}}");
    refused(() -> join(UNBOUND), ErrorKind.ACCESS_DENIED, "SignatureDoesNotMatch");
    sts.answer = exchange -> StsScript.send(exchange, 503, "text/plain", "busy");
    refused(() -> join(UNBOUND), ErrorKind.UNAVAILABLE, "status 503");
  }

  @Test
  void redirectsAreNotFollowed() {
    sts.answer =
        exchange -> {
          exchange.getResponseHeaders().add("Location", sts.address() + "/other");
          StsScript.send(exchange, 302, "application/json", StsScript.identity(ROOT));
        };
    refused(() -> join(UNBOUND), ErrorKind.UNAVAILABLE, "status 302");
    assertThat(sts.asked).hasSize(1);
  }

  @Test
  void answersOfAnotherShapeAreNotBelieved() {
    var right = StsScript.identity(ROOT);
    var arn = "\"Arn\":\"" + ROOT + "\"";
    for (var wrong :
        List.of(
            "",
            "null",
            "[]",
            "<GetCallerIdentityResponse/>",
            "x" + right,
            right + right,
            right + "x",
            right.replace(arn, arn + "," + arn),
            right.replace(arn, "\"Arn\":\"arn:aws:iam::999999999999:root\"," + arn),
            right.replace(arn, arn + ",\"More\":1"),
            right.replace(arn, "\"Arn\":[\"" + ROOT + "\"]"),
            right.replace(arn, "\"arn\":\"" + ROOT + "\""),
            right.replace(arn + ",", ""),
            right.replace("GetCallerIdentityResponse", "AssumeRoleResponse"),
            "{\"Evil\":1," + right.substring(1),
            StsScript.identity(ROOT, "999999999999"),
            StsScript.identity("arn:aws:iam::123456789012:role/app"),
            // STS of one partition knows nobody of another.
            StsScript.identity("arn:aws-cn:iam::123456789012:root"))) {
      sts.answer = exchange -> StsScript.json(exchange, wrong);
      refused(() -> join(UNBOUND), ErrorKind.UNAVAILABLE, "an answer that is none");
    }
    for (var type : List.of("text/xml", "text/html; application/json", "")) {
      sts.answer = exchange -> StsScript.send(exchange, 200, type, right);
      refused(() -> join(UNBOUND), ErrorKind.UNAVAILABLE, "an answer that is none");
    }
  }

  @Test
  void hugeAnswersAreCutOff() {
    sts.answer =
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, 0);
          var chunk = " ".repeat(8_192).getBytes(java.nio.charset.StandardCharsets.UTF_8);
          for (var i = 0; i < 100_000; i++) {
            exchange.getResponseBody().write(chunk);
          }
        };
    refused(() -> join(UNBOUND), ErrorKind.UNAVAILABLE, "no answer");
  }

  @Test
  void aSilentOrSlowAnswerHasAnEnd() {
    var done = new CountDownLatch(1);
    for (var begun : List.of(false, true)) {
      sts.answer =
          exchange -> {
            if (begun) {
              exchange.getResponseHeaders().add("Content-Type", "application/json");
              exchange.sendResponseHeaders(200, 100);
              exchange.getResponseBody().write('{');
              exchange.getResponseBody().flush();
            }
            try {
              done.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          };
      var start = System.nanoTime();
      refused(() -> join(UNBOUND), ErrorKind.UNAVAILABLE, "no answer");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LIMIT.multipliedBy(5));
    }
    done.countDown();
  }

  @Test
  void nobodyWhomNoRuleAllowsIsLetIn() {
    var rules =
        List.of(
            new AwsCallerRule(Optional.of("999999999999"), Optional.empty()),
            new AwsCallerRule(
                Optional.empty(),
                Optional.of(
                    AwsPrincipalPattern.parse("arn:aws:sts::123456789012:assumed-role/app/i-*"))));
    refused(
        () -> check.check(with(challenge(), UNBOUND), key, "token", rules),
        ErrorKind.ACCESS_DENIED,
        "instance " + ROOT + " did not match any allow rules in token \"token\"");
    sts.answer =
        exchange ->
            StsScript.json(
                exchange, StsScript.identity("arn:aws:sts::123456789012:assumed-role/app/i-0abc"));
    assertThat(check.check(with(challenge(), UNBOUND), key, "token", rules).resource())
        .containsExactly("assumed-role", "app", "i-0abc");
  }

  @Test
  void anAddressThatIsNoneStopsTheStart() {
    for (var wrong : List.of("sts.example.com", "ftp://x", "https://user@x", "https:///")) {
      assertThatThrownBy(() -> StsDoor.address(Map.of("AWS_ENDPOINT_URL_STS", wrong)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
