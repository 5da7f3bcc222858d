package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LockTableTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final UserIdentity ALICE =
      new UserIdentity(
          "c",
          "alice",
          List.of("access", "dev"),
          Map.of(),
          UserKind.HUMAN,
          Optional.empty(),
          Optional.of("key-1"),
          Optional.of(new Route("db", "dynamodb", "R", Optional.empty(), "tunnel-1")),
          Optional.of(new SignIn("sign-in-1", Optional.empty())));
  private static final LockSubject SUBJECT =
      LockSubject.of(ALICE).with(LockPart.SERVER_ID, "host-1");

  private static Optional<Lock> on(LockTarget target) {
    return new LockTable(List.of(Lock.of("l", target))).on(SUBJECT, NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "user, alice, true",
    "user, Alice, false",
    "user, alic, false",
    "role, dev, true",
    "role, access, true",
    "role, editor, false",
    "mfa_device, key-1, true",
    "mfa_device, key-2, false",
    "server_id, host-1, true",
    "server_id, host-2, false",
    "session, tunnel-1, true",
    "session, sign-in-1, true",
    "session, alice, false",
    "login, alice, false",
    "login, R, false",
    "device, key-1, false",
    "windows_desktop, host-1, false",
    "access_request, alice, false",
    "bot_instance_id, host-1, false",
    "join_token, host-1, false"
  })
  void oneTargetHitsWhoHasIt(String part, String value, boolean hit) {
    assertThat(on(LockTarget.of(LockPart.parse(part).orElseThrow(), value)).isPresent())
        .isEqualTo(hit);
  }

  /// Each condition alone must let go: what fits in all but one is not hit.
  @Test
  void severalTargetsHitOnlyWhoHasAll() {
    var all =
        Map.of(
            LockPart.USER, "alice",
            LockPart.ROLE, "dev",
            LockPart.MFA_DEVICE, "key-1",
            LockPart.SERVER_ID, "host-1",
            LockPart.SESSION, "tunnel-1");
    assertThat(on(new LockTarget(all))).isPresent();
    for (var part : all.keySet()) {
      assertThat(on(new LockTarget(all).with(part, "other"))).as("%s", part).isEmpty();
    }
    assertThat(on(new LockTarget(all).with(LockPart.LOGIN, "alice"))).isEmpty();
  }

  @Test
  void lockThatHasEndedHitsNobody() {
    var lock = Lock.of("l", LockTarget.of(LockPart.USER, "alice"));
    var ending = lock.withMetadata(lock.metadata().withExpires(Optional.of(NOW)));
    var table = new LockTable(List.of(ending));
    assertThat(table.on(SUBJECT, NOW.minusNanos(1))).contains(ending);
    assertThat(table.on(SUBJECT, NOW)).isEmpty();
    assertThat(
            new LockTable(List.of(ending, lock.withMetadata(Metadata.named("m")))).on(SUBJECT, NOW))
        .isPresent();
  }

  @Test
  void lookUpSaysTheSameAsAskingEveryLock() {
    var random = new Random(11);
    for (int i = 0; i < 500; i++) {
      var locks = new ArrayList<Lock>();
      var all = List.of(LockPart.values());
      for (int n = random.nextInt(6); n > 0; n--) {
        var parts = new EnumMap<LockPart, String>(LockPart.class);
        for (int p = random.nextInt(3); p >= 0; p--) {
          parts.put(all.get(random.nextInt(all.size())), "v" + random.nextInt(3));
        }
        locks.add(Lock.of("l" + n, new LockTarget(parts)));
      }
      var facts = new EnumMap<LockPart, Set<String>>(LockPart.class);
      for (var part : LockPart.values()) {
        facts.put(part, random.nextBoolean() ? Set.of() : Set.of("v" + random.nextInt(3), "w"));
      }
      var subject = new LockSubject(facts);
      boolean hit =
          locks.stream()
              .anyMatch(lock ->
                  lock.target().parts().entrySet().stream()
                      .allMatch(part ->
                          facts.getOrDefault(part.getKey(), Set.of()).contains(part.getValue())));
      assertThat(new LockTable(locks).on(subject, NOW).isPresent()).isEqualTo(hit);
    }
  }

  @Test
  void refusalNamesTheTargetAndCannotForgeALine() {
    var lock = Lock.of("l", LockTarget.of(LockPart.USER, "a\"\n"));
    assertThat(lock.refusal()).isEqualTo("lock targeting User:\"a\\\"\\u000a\" is in force");
    assertThat(lock.withMessage(Optional.of("left")).refusal()).endsWith("is in force: left");
  }

  @Test
  void targetMustSaySomething() {
    assertThatThrownBy(() -> new LockTarget(Map.of()))
        .hasMessage("at least one target attribute must be set");
    assertThatThrownBy(() -> LockTarget.of(LockPart.USER, " ")).hasMessageContaining("user");
    assertThatThrownBy(() -> LockTarget.of(LockPart.ROLE, "x".repeat(LockTarget.MAX_LENGTH + 1)))
        .hasMessageContaining("role: 513 characters");
  }
}
