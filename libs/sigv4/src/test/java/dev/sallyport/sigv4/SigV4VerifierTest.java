package dev.sallyport.sigv4;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.sigv4.SigV4Verifier.Reading;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/// Takes what the SDK signs, and nothing that differs from it in one place.
class SigV4VerifierTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final String ID = "TUNNELABCDEFGHIJKLMN";
  private static final byte[] BODY = "{\"TableName\":\"t\"}".getBytes(StandardCharsets.UTF_8);

  private final SigV4Verifier verifier =
      new SigV4Verifier(SigningCredentials.of(ID, SecretKeyBytes.of("the secret")));

  private static SignedHead signedBySdk(String secret, String region, byte[] body) {
    var signed =
        AwsV4HttpSigner.create()
            .sign(r ->
                r.identity(AwsBasicCredentials.create(ID, secret))
                    .request(
                        SdkHttpFullRequest.builder()
                            .method(SdkHttpMethod.POST)
                            .protocol("http")
                            .host("localhost")
                            .port(8000)
                            .encodedPath("/")
                            .putHeader("Content-Type", "application/x-amz-json-1.0")
                            .putHeader("X-Amz-Target", "DynamoDB_20120810.DescribeTable")
                            .putHeader("amz-sdk-invocation-id", "a b  c")
                            .build())
                    .payload(ContentStreamProvider.fromByteArray(body))
                    .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(NOW, ZoneOffset.UTC)))
            .request();
    var headers = new ArrayList<Header>();
    signed.forEachHeader(
        (name, values) -> values.forEach(value -> headers.add(new Header(name, value))));
    if (signed.firstMatchingHeader("Host").isEmpty()) {
      headers.add(new Header("Host", "localhost:8000"));
    }
    headers.add(new Header("User-Agent", "sdk"));
    return new SignedHead("POST", "/", "", headers);
  }

  private Optional<SignatureFault> judge(SignedHead head, Instant now, byte[] body)
      throws Exception {
    return switch (verifier.read(head, now)) {
      case Reading.Refused refused -> Optional.of(refused.fault());
      case Reading.Claimed claimed ->
          verifier.verify(claimed.claim(), MessageDigest.getInstance("SHA-256").digest(body));
    };
  }

  private static SignedHead changed(SignedHead head, String name, UnaryOperator<String> change) {
    var headers =
        head.headers().stream()
            .map(h ->
                h.name().equalsIgnoreCase(name) ? new Header(h.name(), change.apply(h.value())) : h)
            .toList();
    return new SignedHead(head.method(), head.path(), head.query(), headers);
  }

  private static SignedHead with(SignedHead head, String name, String value) {
    var headers = new ArrayList<>(head.headers());
    headers.add(new Header(name, value));
    return new SignedHead(head.method(), head.path(), head.query(), headers);
  }

  private static SignedHead without(SignedHead head, String name) {
    var headers = head.headers().stream().filter(h -> !h.name().equalsIgnoreCase(name)).toList();
    return new SignedHead(head.method(), head.path(), head.query(), headers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"us-east-1", "local", "us-gov-west-1"})
  void takesWhatTheSdkSigns(String region) throws Exception {
    var random = new Random(4);
    for (int i = 0; i < 50; i++) {
      var body = new byte[random.nextInt(2000)];
      random.nextBytes(body);
      assertThat(judge(signedBySdk("the secret", region, body), NOW, body)).isEmpty();
    }
  }

  @Test
  void takesItsOwnSignerWithoutAContentHash() throws Exception {
    var sha = MessageDigest.getInstance("SHA-256").digest(BODY);
    var headers =
        List.of(
            new Header("content-type", "application/x-amz-json-1.0"),
            new Header("x-amz-target", "DynamoDB_20120810.ListTables"));
    var added =
        new SigV4Signer()
            .sign(
                new RequestToSign("POST", "/", "a=b%20c", "localhost:1", headers, sha),
                SigningCredentials.of(ID, SecretKeyBytes.of("the secret")),
                "eu-west-1",
                "dynamodb",
                NOW);
    var all = new ArrayList<>(headers);
    all.addAll(added.toAdd());
    all.add(new Header("host", "localhost:1"));
    var head = new SignedHead("POST", "/", "a=b%20c", all);
    assertThat(judge(head, NOW, BODY)).isEmpty();
    assertThat(judge(new SignedHead("POST", "/", "a=b%20d", all), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(judge(new SignedHead("POST", "/x", "a=b%20c", all), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(judge(new SignedHead("PUT", "/", "a=b%20c", all), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(judge(new SignedHead("POST", "/", "a=%zz", all), NOW, BODY))
        .contains(SignatureFault.INCOMPLETE);
  }

  /// Each condition alone refuses.
  @Test
  void refusesEachDifference() throws Exception {
    var good = signedBySdk("the secret", "us-east-1", BODY);
    assertThat(judge(without(good, "authorization"), NOW, BODY)).contains(SignatureFault.MISSING);
    assertThat(judge(signedBySdk("another secret", "us-east-1", BODY), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(judge(good, NOW, "{}".getBytes(StandardCharsets.UTF_8)))
        .contains(SignatureFault.WRONG);
    assertThat(judge(changed(good, "authorization", a -> a.replace(ID, "tunnel")), NOW, BODY))
        .contains(SignatureFault.UNKNOWN_KEY);
    assertThat(judge(changed(good, "x-amz-target", t -> t + "s"), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(judge(changed(good, "host", h -> "evil.example"), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(judge(with(good, "x-amz-security-token", "t"), NOW, BODY))
        .contains(SignatureFault.SESSION_TOKEN);
    assertThat(judge(with(good, "x-amz-extra", "unsigned"), NOW, BODY))
        .contains(SignatureFault.INCOMPLETE);
    assertThat(judge(with(good, "x-amz-date", "20300101T000000Z"), NOW, BODY))
        .contains(SignatureFault.INCOMPLETE);
    assertThat(judge(with(good, "authorization", "x"), NOW, BODY))
        .contains(SignatureFault.INCOMPLETE);
    assertThat(judge(changed(good, "x-amz-date", d -> "20300101T000001Z"), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(judge(changed(good, "x-amz-date", d -> "20300101T009900Z"), NOW, BODY))
        .contains(SignatureFault.INCOMPLETE);
    assertThat(judge(changed(good, "x-amz-content-sha256", h -> "UNSIGNED-PAYLOAD"), NOW, BODY))
        .contains(SignatureFault.WRONG);
    assertThat(
            judge(
                changed(
                    good, "authorization", a -> a.replace("SignedHeaders=amz", "SignedHeaders=x")),
                NOW,
                BODY))
        .contains(SignatureFault.INCOMPLETE);
    assertThat(judge(changed(good, "authorization", a -> a.replace("host;", "")), NOW, BODY))
        .contains(SignatureFault.INCOMPLETE);
    assertThat(
            judge(changed(good, "authorization", a -> a.replace("/dynamodb/", "/s3/")), NOW, BODY))
        .contains(SignatureFault.WRONG);
  }

  @Test
  void theTimeMayDifferByFiveMinutes() throws Exception {
    var head = signedBySdk("the secret", "us-east-1", BODY);
    for (var off : List.of(Duration.ofMinutes(5), Duration.ofMinutes(-5), Duration.ZERO)) {
      assertThat(judge(head, NOW.plus(off), BODY)).isEmpty();
    }
    for (var off : List.of(Duration.ofSeconds(301), Duration.ofSeconds(-301))) {
      assertThat(judge(head, NOW.plus(off), BODY)).contains(SignatureFault.OUT_OF_TIME);
    }
  }

  /// Every changed character of the header is noticed, and nothing breaks the reader.
  @Test
  void noOtherSpellingOfTheHeaderCounts() throws Exception {
    var good = signedBySdk("the secret", "us-east-1", BODY);
    var random = new Random(9);
    for (int round = 0; round < 3_000; round++) {
      var head =
          changed(
              good,
              "authorization",
              value -> {
                var text = new StringBuilder(value);
                var at = random.nextInt(text.length());
                char other;
                do {
                  other = (char) (' ' + random.nextInt(95));
                } while (other == text.charAt(at));
                text.setCharAt(at, other);
                return text.toString();
              });
      assertThat(judge(head, NOW, BODY)).as("%s", head.headers()).isPresent();
    }
  }
}
