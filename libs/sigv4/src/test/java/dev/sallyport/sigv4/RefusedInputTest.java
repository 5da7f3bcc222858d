package dev.sallyport.sigv4;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What must not be signed, and what must not be printed.
class RefusedInputTest {

  private static final Instant NOW = Instant.parse("2026-11-22T07:00:00Z");
  private static final SigningCredentials CREDENTIALS =
      new SigningCredentials(
          "ASIAEXAMPLE",
          SecretKeyBytes.of("very-secret"),
          Optional.of("very-token"),
          Optional.of(NOW.plusSeconds(60)));

  @ParameterizedTest
  @ValueSource(
      strings = {"Authorization", "x-amz-date", "X-AMZ-Security-Token", "Host", "host", "Date"})
  void a_header_of_the_callers_own_signature_is_refused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sign(request("POST", "/", "", List.of(new Header(name, "x")))))
        .withMessageContaining("made by signing");
  }

  @Test
  void a_content_hash_of_another_body_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            sign(
                request(
                    "POST",
                    "/",
                    "",
                    List.of(new Header("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")))))
        .withMessageContaining("not the hash of the body");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nX-Evil: 1", "folded\n value", "nul\0", "del\u007f", "\u001b[31m"})
  void a_header_value_cannot_break_out_of_its_line(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Header("X-A", value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "a\n", "é", "a\0"})
  void a_header_name_is_a_token(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Header(name, "v"));
  }

  @Test
  void a_request_line_cannot_be_broken() {
    List<Header> none = List.of();
    assertThatIllegalArgumentException().isThrownBy(() -> request("post", "/", "", none));
    assertThatIllegalArgumentException().isThrownBy(() -> request("POST", "x", "", none));
    assertThatIllegalArgumentException().isThrownBy(() -> request("POST", "/\n", "", none));
    assertThatIllegalArgumentException().isThrownBy(() -> request("POST", "/", "a\r", none));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RequestToSign("POST", "/", "", "h", none, new byte[31]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sign(request("POST", "/", "a=%zz", none)))
        .withMessageContaining("hex");
    assertThatIllegalArgumentException().isThrownBy(() -> sign(request("POST", "/", "a=%f", none)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "us-east-1/dynamodb", "US-EAST-1", "a b", "a\n"})
  void a_scope_part_cannot_smuggle_another(String part) {
    RequestToSign request = request("POST", "/", "", List.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SigV4Signer().sign(request, CREDENTIALS, part, "dynamodb", NOW));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SigV4Signer().sign(request, CREDENTIALS, "us-east-1", part, NOW));
  }

  @Test
  void headers_of_the_hop_stay_unsigned() {
    SignedHeaders signed =
        sign(
            request(
                "POST",
                "/",
                "",
                List.of(
                    new Header("Connection", "close"),
                    new Header("Transfer-Encoding", "chunked"),
                    new Header("User-Agent", "a"),
                    new Header("Expect", "100-continue"),
                    new Header("X-Amz-Target", "T"))));
    assertThat(signed.authorization())
        .contains("SignedHeaders=host;x-amz-date;x-amz-security-token;x-amz-target,");
  }

  @Test
  void nothing_prints_a_secret() {
    SignedHeaders signed = sign(request("POST", "/", "", List.of()));
    String printed =
        CREDENTIALS
            + " "
            + CREDENTIALS.secretKey()
            + " "
            + signed
            + " "
            + request("GET", "/", "", List.of());
    assertThat(printed).doesNotContain("very-secret").doesNotContain("very-token");
  }

  @Test
  void credentials_check_themselves() {
    assertThatIllegalArgumentException().isThrownBy(() -> SecretKeyBytes.of(""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningCredentials.of("AK/evil", SecretKeyBytes.of("s")));
    assertThat(CREDENTIALS.usableAt(NOW)).isTrue();
    assertThat(CREDENTIALS.usableAt(NOW.plusSeconds(60))).isFalse();
    assertThat(SecretKeyBytes.of("a"))
        .isEqualTo(SecretKeyBytes.of("a"))
        .isNotEqualTo(SecretKeyBytes.of("b"));
  }

  @Test
  void the_same_key_id_with_another_secret_gets_its_own_signature() {
    SigV4Signer signer = new SigV4Signer();
    RequestToSign request = request("POST", "/", "", List.of());
    SigningCredentials one = SigningCredentials.of("AKIA", SecretKeyBytes.of("one"));
    SigningCredentials two = SigningCredentials.of("AKIA", SecretKeyBytes.of("two"));
    String first = signer.sign(request, one, "us-east-1", "dynamodb", NOW).authorization();
    String second = signer.sign(request, two, "us-east-1", "dynamodb", NOW).authorization();
    assertThat(second)
        .isNotEqualTo(first)
        .isEqualTo(
            new SigV4Signer().sign(request, two, "us-east-1", "dynamodb", NOW).authorization());
    assertThat(signer.sign(request, one, "us-east-1", "dynamodb", NOW).authorization())
        .isEqualTo(first);
  }

  @Test
  void the_cache_of_keys_is_bounded() {
    SigningKeys keys = new SigningKeys();
    for (int i = 0; i < SigningKeys.KEYS_MAX + 50; i++) {
      keys.hmac(
          SigningCredentials.of("AKIA" + i, SecretKeyBytes.of("s")), "20261122", "r", "s", "text");
    }
    assertThat(keys.size()).isBetween(1, SigningKeys.KEYS_MAX);
  }

  @Test
  void any_text_is_signed_or_refused_with_one_exception() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String path = "/" + noise(random);
      String query = noise(random);
      String value = noise(random);
      try {
        sign(request("POST", path, query, List.of(new Header("X-A", value))));
      } catch (IllegalArgumentException expected) {
        assertThat(expected).hasMessageNotContainingAny("very-");
      }
    }
    assertThatThrownBy(() -> sign(request("POST", "/", "%", List.of())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String noise(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append("%/.&=+ \t\r\n\0aZé\ud83d\ude00~".charAt(random.nextInt(17)));
    }
    return text.toString();
  }

  private static RequestToSign request(
      String method, String path, String query, List<Header> headers) {
    return new RequestToSign(method, path, query, "localhost:8000", headers, new byte[32]);
  }

  private static SignedHeaders sign(RequestToSign request) {
    return new SigV4Signer().sign(request, CREDENTIALS, "us-east-1", "dynamodb", NOW);
  }
}
