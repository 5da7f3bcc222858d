package dev.sallyport.testkit.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.sigv4.Header;
import dev.sallyport.sigv4.RequestToSign;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigV4Signer;
import dev.sallyport.sigv4.SigningCredentials;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests signed by our signer, right and wrong, at the gate that verifies with the SDK's.
class AwsGateTest {

  private static final AwsStandIn.Account ACCOUNT = AwsStandIn.Account.example();
  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
  private static final AccessKey SESSION =
      new AccessKey(
          "ASIASESSION000000000",
          "secret",
          Optional.of("token/+="),
          Optional.of(NOW.plusSeconds(3_600)),
          "arn:aws:sts::123456789012:assumed-role/R/alice",
          Optional.of(ACCOUNT.role("R")));
  private static final AccessKey ENDED =
      new AccessKey(
          "ASIAENDED00000000000",
          "secret",
          Optional.of("ended"),
          Optional.of(NOW),
          "arn:aws:sts::123456789012:assumed-role/R/bob",
          Optional.of(ACCOUNT.role("R")));

  private static final AwsStandIn AWS =
      AwsStandIn.start(
          ACCOUNT,
          InstantSource.fixed(NOW),
          (request, caller) -> ScriptedUpstream.json(200, "REQ", "{\"TableNames\":[]}"),
          Optional.empty());
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  static {
    AWS.addKey(SESSION);
    AWS.addKey(ENDED);
  }

  /// What is signed, and how it is spoiled after.
  record Draft(
      AccessKey key,
      String region,
      String service,
      Instant time,
      boolean hashHeader,
      List<Header> unsigned,
      String sentBody,
      UnaryOperator<Header> spoil) {

    static Draft good() {
      return new Draft(
          SESSION, "us-east-1", "dynamodb", NOW, false, List.of(), "{}", UnaryOperator.identity());
    }

    Draft by(AccessKey other) {
      return new Draft(other, region, service, time, hashHeader, unsigned, sentBody, spoil);
    }

    Draft scoped(String otherRegion, String otherService) {
      return new Draft(key, otherRegion, otherService, time, hashHeader, unsigned, sentBody, spoil);
    }

    Draft at(Instant other) {
      return new Draft(key, region, service, other, hashHeader, unsigned, sentBody, spoil);
    }

    Draft withHashHeader() {
      return new Draft(key, region, service, time, true, unsigned, sentBody, spoil);
    }

    Draft adding(String name, String value) {
      return new Draft(
          key,
          region,
          service,
          time,
          hashHeader,
          List.of(new Header(name, value)),
          sentBody,
          spoil);
    }

    Draft sending(String other) {
      return new Draft(key, region, service, time, hashHeader, unsigned, other, spoil);
    }

    Draft spoiling(UnaryOperator<Header> other) {
      return new Draft(key, region, service, time, hashHeader, unsigned, sentBody, other);
    }

    Draft replacing(String name, String value) {
      return spoiling(h -> h.name().equalsIgnoreCase(name) ? new Header(h.name(), value) : h);
    }
  }

  @AfterAll
  static void close() {
    AWS.close();
    HTTP.close();
  }

  @BeforeEach
  void forget() {
    AWS.gate().forget();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_right_signature_passes_with_or_without_a_hash_header(boolean hashHeader) throws Exception {
    HttpResponse<String> answer = send(hashHeader ? Draft.good().withHashHeader() : Draft.good());

    assertThat(answer.body()).isEqualTo("{\"TableNames\":[]}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-amzn-RequestId")).contains("REQ");
    ReceivedRequest received = AWS.gate().received().getFirst();
    assertThat(received.refusal()).isEmpty();
    assertThat(received.caller().flatMap(AccessKey::sessionName)).contains("alice");
    assertThat(received.operation()).isEqualTo("ListTables");
    assertThat(received.request().body()).isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
  }

  static Stream<Arguments> faults() {
    Draft good = Draft.good();
    AccessKey wrongSecret =
        new AccessKey(
            SESSION.id(),
            "wrong",
            SESSION.token(),
            SESSION.expires(),
            SESSION.principal(),
            SESSION.role());
    AccessKey otherToken =
        new AccessKey(
            SESSION.id(),
            "secret",
            Optional.of("other"),
            SESSION.expires(),
            SESSION.principal(),
            SESSION.role());
    AccessKey noToken = AccessKey.ofUser(SESSION.id(), "secret", SESSION.principal());
    return Stream.of(
        Arguments.of("wrong secret", good.by(wrongSecret), "InvalidSignatureException"),
        Arguments.of("other token", good.by(otherToken), "UnrecognizedClientException"),
        Arguments.of("no token", good.by(noToken), "UnrecognizedClientException"),
        Arguments.of("ended token", good.by(ENDED), "ExpiredTokenException"),
        Arguments.of(
            "other region", good.scoped("eu-west-1", "dynamodb"), "InvalidSignatureException"),
        Arguments.of("other service", good.scoped("us-east-1", "sts"), "InvalidSignatureException"),
        Arguments.of("too old", good.at(NOW.minusSeconds(301)), "InvalidSignatureException"),
        Arguments.of("too new", good.at(NOW.plusSeconds(301)), "InvalidSignatureException"),
        Arguments.of("other body", good.sending("{ }"), "InvalidSignatureException"),
        Arguments.of(
            "other body than its hash",
            good.withHashHeader().sending("{ }"),
            "InvalidSignatureException"),
        Arguments.of(
            "other target",
            good.replacing("X-Amz-Target", "DynamoDB_20120810.DeleteTable"),
            "InvalidSignatureException"),
        Arguments.of(
            "unsigned header", good.adding("X-Amz-Extra", "1"), "IncompleteSignatureException"),
        Arguments.of(
            "second target",
            good.adding("X-Amz-Target", "DynamoDB_20120810.DeleteTable"),
            "IncompleteSignatureException"),
        Arguments.of(
            "no signature",
            good.replacing("Authorization", "Basic x"),
            "IncompleteSignatureException"),
        Arguments.of(
            "zero signature",
            good.spoiling(h ->
                h.name().equals("Authorization")
                    ? new Header(h.name(), h.value().replaceAll("[0-9a-f]{64}", "0".repeat(64)))
                    : h),
            "InvalidSignatureException"),
        Arguments.of(
            "host not signed",
            good.spoiling(h ->
                h.name().equals("Authorization")
                    ? new Header(h.name(), h.value().replace("host;", ""))
                    : h),
            "IncompleteSignatureException"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void a_wrong_one_is_refused_and_remembered(String name, Draft draft, String type)
      throws Exception {
    HttpResponse<String> answer = send(draft);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("#" + type);
    assertThat(AWS.gate().received()).hasSize(1);
    assertThat(AWS.gate().received().getFirst().refusal()).contains(type);
    assertThat(AWS.gate().received().getFirst().caller()).isEmpty();
  }

  @Test
  void no_authorization_at_all_is_refused() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(AWS.dynamoDbUri())
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body())
        .contains("MissingAuthenticationTokenException");
  }

  @Test
  void a_signature_within_five_minutes_passes() throws Exception {
    assertThat(send(Draft.good().at(NOW.minus(Duration.ofMinutes(5)))).statusCode()).isEqualTo(200);
    assertThat(send(Draft.good().at(NOW.plus(Duration.ofMinutes(5)))).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> send(Draft draft) throws Exception {
    URI uri = AWS.dynamoDbUri().resolve("/");
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest("{}".getBytes(StandardCharsets.UTF_8));
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Content-Type", "application/x-amz-json-1.0"));
    headers.add(new Header("X-Amz-Target", "DynamoDB_20120810.ListTables"));
    if (draft.hashHeader()) {
      headers.add(new Header("X-Amz-Content-Sha256", HexFormat.of().formatHex(hash)));
    }
    SigningCredentials credentials =
        new SigningCredentials(
            draft.key().id(),
            SecretKeyBytes.of(draft.key().secret()),
            draft.key().token(),
            Optional.empty());
    headers.addAll(
        new SigV4Signer()
            .sign(
                new RequestToSign("POST", "/", "", uri.getAuthority(), headers, hash),
                credentials,
                draft.region(),
                draft.service(),
                draft.time())
            .toAdd());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(draft.sentBody()));
    headers.stream().map(draft.spoil()).forEach(h -> request.header(h.name(), h.value()));
    draft.unsigned().forEach(h -> request.header(h.name(), h.value()));
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }
}
