package dev.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlJsonTest {
  private static final LoginRequest LOGIN =
      new LoginRequest(
          "alice",
          Secret.of("pa\"ss"),
          Optional.empty(),
          "PEM",
          Optional.of(Duration.ofHours(8)),
          "192.0.2.1");

  @Test
  void namesAreSnakeCaseAndAbsentFieldsAreLeftOut() {
    assertThat(ControlJson.text(LOGIN))
        .isEqualTo(
            "{\"user\":\"alice\",\"password\":\"pa\\\"ss\",\"public_key\":\"PEM\","
                + "\"ttl\":\"PT8H\",\"client_address\":\"192.0.2.1\"}");
    assertThat(
            ControlJson.text(
                new InviteCreated(Secret.of("https://x"), Instant.parse("2026-01-02T03:04:05Z"))))
        .isEqualTo("{\"url\":\"https://x\",\"expires\":\"2026-01-02T03:04:05Z\"}");
    assertThat(ControlJson.text(WatchEvent.mark(WatchType.BEAT, 7)))
        .isEqualTo("{\"type\":\"beat\",\"revision\":7}");
  }

  @Test
  void whatIsWrittenReadsBackTheSame() {
    for (var value :
        List.of(
            LOGIN,
            new ClusterStatus("c", "1.0.0", List.of("sha256:00")),
            new CreateUserRequest(
                "u", List.of("access"), Map.of("t", List.of("v")), Optional.empty()),
            new UpdateUserRequest(Optional.of(List.of("a")), Optional.empty()),
            new CreateTokenRequest(
                List.of("Db"), Optional.empty(), Optional.of(Secret.of("x")), List.of("*")),
            new DatabaseCertRequest("db", "role", Optional.empty(), "PEM", Optional.of("OLD")),
            new JoinRequest(Secret.of("t"), "Db", "PEM", Optional.empty(), "node", "192.0.2.1"),
            WatchEvent.put(
                "user",
                "u",
                3,
                ControlJson.MAPPER.valueToTree(
                    new UserRoles("u", List.of("a"), Optional.empty(), Optional.empty()))),
            new UserRoles(
                "u", List.of("a"), Optional.of(Map.of("t", List.of("v"))), Optional.empty()),
            WatchEvent.mark(WatchType.SYNCED, 4))) {
      assertThat(ControlJson.request(ControlJson.bytes(value), value.getClass())).isEqualTo(value);
    }
  }

  @Test
  void aRequestPrintsNoSecret() {
    assertThat(LOGIN.toString()).contains("alice", "[redacted]").doesNotContain("pa\"ss");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"name\":\"u\",\"roles\":[\"a\"]}",
        "{\"name\":null,\"roles\":[],\"traits\":{}}",
        "{\"name\":\"u\",\"roles\":null,\"traits\":{}}",
        "{\"name\":\"u\",\"roles\":[null],\"traits\":{}}",
        "{\"name\":\"u\",\"roles\":[],\"traits\":{},\"admin\":true}",
        "{\"name\":\"u\",\"name\":\"v\",\"roles\":[],\"traits\":{}}",
        "{\"name\":\"u\",\"roles\":[],\"traits\":{}} x",
        "{\"name\":\"u\",\"roles\":[],\"traits\":{},\"invite_ttl\":\"soon\"}",
      })
  void aRequestThatIsNotWholeIsABadParameter(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.BAD_PARAMETER))
        .hasMessageContaining("CreateUserRequest");
  }

  @Test
  void theMessageNamesTheFieldButNotItsValue() {
    assertThatThrownBy(() ->
            ControlJson.request(
                "{\"password\":\"hunter2\",\"client_address\":\"hunter2\",\"colour\":\"hunter2\"}"
                    .getBytes(StandardCharsets.UTF_8),
                SetPasswordRequest.class))
        .hasMessageContaining("colour")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void answersMayHoldMoreThanIsKnownHere() {
    assertThat(ControlJson.ANSWERS.readValue("{\"accepted\":3,\"later\":1}", AuditAccepted.class))
        .isEqualTo(new AuditAccepted(3));
  }

  @Test
  void hostileBodiesAreRefusedWithoutHarm() {
    for (var json :
        List.of("[".repeat(100_000), "{\"name\":" + "9".repeat(100_000) + "}", "\"" + "\u0000")) {
      assertThatThrownBy(() -> read(json)).isInstanceOf(ControlException.class);
    }
    assertThatThrownBy(() -> ControlJson.request(new byte[ControlJson.MAX_BODY + 1], Trust.class))
        .isInstanceOfSatisfying(
            ControlException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.LIMIT_EXCEEDED));
    var random = new Random(7);
    var good = ControlJson.bytes(LOGIN);
    for (int round = 0; round < 5_000; round++) {
      var bytes = good.clone();
      for (int flip = random.nextInt(1, 6); flip > 0; flip--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(ControlJson.request(bytes, LoginRequest.class).user()).isNotNull();
      } catch (ControlException expected) {
        assertThat(expected.kind()).isEqualTo(ErrorKind.BAD_PARAMETER);
      }
    }
  }

  @Test
  void everyErrorKindHasItsStatusAndName() {
    for (var kind : ErrorKind.values()) {
      assertThat(ErrorKind.parse(kind.wireName())).contains(kind);
      // Who knows the status alone knows no more than that it was refused.
      assertThat(ErrorKind.ofStatus(kind.status()))
          .isEqualTo(kind == ErrorKind.MFA_REQUIRED ? ErrorKind.ACCESS_DENIED : kind);
    }
    assertThat(ErrorKind.ofStatus(502)).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(ErrorKind.ofStatus(418)).isEqualTo(ErrorKind.BAD_PARAMETER);
  }

  @Test
  void namesInPathsAreEncoded() {
    assertThat(ControlRoutes.resource("role", "a b/ü?#%"))
        .isEqualTo("/v1/resources/role/a%20b/%C3%BC%3F%23%25");
    assertThat(ControlRoutes.user("a@b.c")).isEqualTo("/v1/users/a%40b.c");
    assertThatThrownBy(() -> ControlRoutes.resource("role", "../x"))
        .isInstanceOf(ControlException.class);
    assertThat(ControlRoutes.withoutVersion(ControlRoutes.WEB_PING)).isEqualTo("/webapi/ping");
  }

  private static CreateUserRequest read(String json) {
    return ControlJson.request(json.getBytes(StandardCharsets.UTF_8), CreateUserRequest.class);
  }
}
