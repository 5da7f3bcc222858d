package dev.sallyport.agent.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.aws.CredentialOutcome.NoAgentCredentials;
import dev.sallyport.agent.aws.CredentialOutcome.Ready;
import dev.sallyport.agent.aws.CredentialOutcome.Refused;
import dev.sallyport.agent.aws.CredentialOutcome.Unavailable;
import dev.sallyport.aws.StsPlace;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigningCredentials;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CredentialCacheTest {
  private static final RoleSession ALICE = session("alice");

  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private final InstantSource clock = () -> now;
  private final ArrayDeque<Runnable> work = new ArrayDeque<>();
  private final List<RoleSession> asked = new ArrayList<>();
  private Function<RoleSession, CredentialOutcome> aws = session -> ready(session, 60);
  private final CredentialCache cache =
      new CredentialCache(
          clock,
          work::add,
          session -> {
            asked.add(session);
            return aws.apply(session);
          });

  @Test
  void nothingIsReadyBeforeItWasAsked() {
    assertThat(cache.ready(ALICE)).isEmpty();
    assertThat(work).isEmpty();
  }

  @Test
  void manyCallersShareOneFlightAndTheNextFindsItReady() {
    var first = cache.get(ALICE);
    var second = cache.get(ALICE);

    assertThat(first).isNotDone();
    runAll();

    assertThat(asked).hasSize(1);
    assertThat(first.join()).isEqualTo(second.join()).isInstanceOf(Ready.class);
    assertThat(cache.ready(ALICE)).contains(first.join());
  }

  @Test
  void oneCallersCancelNeverCancelsAnothers() {
    var first = cache.get(ALICE);
    var second = cache.get(ALICE);

    first.cancel(true);
    runAll();

    assertThat(second.join()).isInstanceOf(Ready.class);
  }

  @Test
  void nobodyGetsAnothersCredentials() {
    cache.get(ALICE);
    var bob = session("bob");
    var bobs = cache.get(bob);
    runAll();

    assertThat(bobs.join()).isInstanceOfSatisfying(Ready.class, it -> same(it, bob));
    assertThat(cache.ready(ALICE)).get().isInstanceOfSatisfying(Ready.class, it -> same(it, ALICE));
    var tagged =
        new RoleSession("r", "alice", StsPlace.of("us-east-1"), none(), none(), Map.of("k", "v"));
    var elsewhere =
        new RoleSession("r", "alice", StsPlace.of("us-west-2"), none(), none(), Map.of());
    var external =
        new RoleSession("r", "alice", StsPlace.of("us-east-1"), none(), Optional.of("x"), Map.of());
    var hop = Optional.of(new RoleSession.Hop("h", none()));
    var chained = new RoleSession("r", "alice", StsPlace.of("us-east-1"), hop, none(), Map.of());
    var sourced =
        new RoleSession(
            "r",
            "alice",
            StsPlace.of("us-east-1"),
            none(),
            none(),
            new RoleSession.Marks(Map.of(), Optional.of("alice")));
    for (var other : List.of(tagged, elsewhere, external, chained, sourced)) {
      assertThat(cache.ready(other)).isEmpty();
    }
  }

  @Test
  void refusedCredentialsAreReplacedOnceForAllWhoAsk() {
    cache.get(ALICE);
    runAll();
    now = now.plus(CredentialCache.REPLACED_AFTER);

    var first = cache.replace(ALICE, "ASIA1").orElseThrow();
    assertThat(cache.ready(ALICE)).as("nobody gets the refused ones").isEmpty();
    var second = cache.replace(ALICE, "ASIA1").orElseThrow();
    runAll();
    var late = cache.replace(ALICE, "ASIA1").orElseThrow();

    assertThat(first.join()).isEqualTo(second.join()).isEqualTo(late.join());
    assertThat(cache.ready(ALICE)).contains(first.join());
    assertThat(asked).hasSize(2);
  }

  @Test
  void freshCredentialsAreNotReplaced() {
    cache.get(ALICE);
    runAll();
    now = now.plus(CredentialCache.REPLACED_AFTER).minusMillis(1);

    assertThat(cache.replace(ALICE, "ASIA1")).isEmpty();
    assertThat(cache.ready(ALICE)).as("and go on being handed out").isPresent();
    now = now.plusMillis(1);
    assertThat(cache.replace(ALICE, "ASIA1")).isPresent();
  }

  @Test
  void aReplacementThatStsRefusesLeavesNothingOfTheOldOnes() {
    cache.get(ALICE);
    runAll();
    now = now.plus(CredentialCache.REPLACED_AFTER);
    aws = session -> new Unavailable("away");

    var replaced = cache.replace(ALICE, "ASIA1").orElseThrow();
    runAll();

    assertThat(replaced.join()).isInstanceOf(Unavailable.class);
    assertThat(cache.ready(ALICE)).get().isInstanceOf(Unavailable.class);
  }

  @Test
  void aThousandUsersAtOnceAskOnceEachAndGetTheirOwn() throws Exception {
    int users = 1_000;
    int callers = 4;
    var calls = new ConcurrentHashMap<RoleSession, Integer>();
    var go = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var busy =
          new CredentialCache(
              clock,
              threads,
              session -> {
                calls.merge(session, 1, Integer::sum);
                return new Ready(
                    session,
                    new SigningCredentials(
                        "ASIA" + session.sessionName(),
                        SecretKeyBytes.of("secret"),
                        Optional.of("token"),
                        Optional.of(now.plus(Duration.ofHours(1)))));
              });
      var asking = new ArrayList<Future<CredentialOutcome>>();
      for (int i = 0; i < users * callers; i++) {
        var session = session("user" + i % users);
        asking.add(
            threads.submit(() -> {
              go.await();
              return busy.get(session).get();
            }));
      }
      go.countDown();
      for (int i = 0; i < asking.size(); i++) {
        var name = "user" + i % users;
        assertThat(asking.get(i).get())
            .isInstanceOfSatisfying(
                Ready.class,
                it -> {
                  assertThat(it.session().sessionName()).isEqualTo(name);
                  assertThat(it.credentials().accessKeyId()).isEqualTo("ASIA" + name);
                });
      }
    }
    assertThat(calls).hasSize(users);
    assertThat(calls.values()).containsOnly(1);
  }

  @Test
  void credentialsAreRefreshedAheadWhileTheOldOnesGoOn() {
    cache.get(ALICE);
    runAll();
    var old = cache.ready(ALICE).orElseThrow();

    now = now.plus(Duration.ofMinutes(56));
    assertThat(cache.ready(ALICE)).contains(old);
    assertThat(cache.ready(ALICE)).contains(old);
    assertThat(work).hasSize(1);
    runAll();

    assertThat(cache.ready(ALICE)).get().isNotEqualTo(old);
    assertThat(asked).hasSize(2);
  }

  @Test
  void aRefreshThatFailsLeavesTheOldOnesUntilTheirEnd() {
    cache.get(ALICE);
    runAll();
    var old = cache.ready(ALICE).orElseThrow();
    aws = session -> new Refused("no more");

    now = now.plus(Duration.ofMinutes(56));
    assertThat(cache.ready(ALICE)).contains(old);
    runAll();
    assertThat(cache.ready(ALICE)).contains(old);
    assertThat(work).as("the refresh that failed is not repeated at once").isEmpty();

    now = now.plus(Duration.ofMinutes(4));
    assertThat(cache.ready(ALICE)).as("too near to its end").isEmpty();
  }

  /// As while STS throttles or is away.
  @Test
  void aRefreshThatFindsNobodyLeavesTheOldOnesUntilTheirEndAndIsTriedAgain() {
    cache.get(ALICE);
    runAll();
    var old = cache.ready(ALICE).orElseThrow();
    aws = session -> new Unavailable("busy");

    now = now.plus(Duration.ofMinutes(56));
    for (int i = 0; i < 3; i++) {
      assertThat(cache.ready(ALICE)).contains(old);
      runAll();
      assertThat(asked).as("asked again each time").hasSize(2 + i);
      now = now.plus(Duration.ofMinutes(1));
    }
    assertThat(cache.ready(ALICE)).contains(old);

    now = now.plus(Duration.ofMinutes(1));
    assertThat(cache.ready(ALICE)).as("too near to its end").isEmpty();
  }

  @Test
  void aRefreshThatFindsNobodyIsTriedAgainAfterFiveSecondsAndThenReplacesTheOldOnes() {
    cache.get(ALICE);
    runAll();
    var old = cache.ready(ALICE).orElseThrow();
    aws = session -> new Unavailable("busy");
    now = now.plus(Duration.ofMinutes(56));
    cache.ready(ALICE);
    runAll();

    now = now.plusMillis(4_999);
    assertThat(cache.ready(ALICE)).contains(old);
    assertThat(work).as("not asked at once").isEmpty();

    aws = session -> ready(session, 60);
    now = now.plusMillis(1);
    assertThat(cache.ready(ALICE)).as("goes on while asking").contains(old);
    runAll();
    assertThat(asked).hasSize(3);
    assertThat(cache.ready(ALICE))
        .as("before the end of the old ones")
        .get()
        .isNotEqualTo(old)
        .isInstanceOf(Ready.class);
  }

  @Test
  void refusalsAreKeptFiveSecondsAndOutagesHalfOfOne() {
    aws = session -> new Refused("no");
    cache.get(ALICE);
    runAll();
    assertThat(cache.get(ALICE).join()).isEqualTo(new Refused("no"));
    now = now.plusMillis(4_999);
    assertThat(cache.ready(ALICE)).contains(new Refused("no"));
    now = now.plusMillis(1);
    assertThat(cache.ready(ALICE)).isEmpty();

    aws = session -> new Unavailable("down");
    cache.get(ALICE);
    runAll();
    now = now.plusMillis(499);
    assertThat(cache.ready(ALICE)).contains(new Unavailable("down"));
    now = now.plusMillis(1);
    assertThat(cache.ready(ALICE)).isEmpty();

    aws = session -> new NoAgentCredentials("set them");
    cache.get(ALICE);
    runAll();
    now = now.plusMillis(4_999);
    assertThat(cache.ready(ALICE)).contains(new NoAgentCredentials("set them"));
    assertThat(asked).hasSize(3);
  }

  @Test
  void afterARefusalThatEndedTheNextAnswerCounts() {
    aws = session -> new Refused("no");
    cache.get(ALICE);
    runAll();
    aws = session -> ready(session, 60);
    now = now.plusSeconds(6);

    var next = cache.get(ALICE);
    runAll();

    assertThat(next.join()).isInstanceOf(Ready.class);
  }

  @Test
  void aFaultOfOurOwnIsAnOutageAndDoesNotStick() {
    aws =
        session -> {
          throw new IllegalStateException("fault");
        };
    var first = cache.get(ALICE);
    runAll();
    assertThat(first.join()).isInstanceOf(Unavailable.class);

    aws = session -> ready(session, 60);
    now = now.plusSeconds(1);
    var next = cache.get(ALICE);
    runAll();
    assertThat(next.join()).isInstanceOf(Ready.class);
  }

  @Test
  void aStoppingAgentAnswersInsteadOfHanging() {
    var stopping =
        new CredentialCache(
            clock,
            task -> {
              throw new RejectedExecutionException();
            },
            session -> new Refused("never asked"));

    assertThat(stopping.get(ALICE).join()).isInstanceOf(Unavailable.class);
  }

  @Test
  void theNumberOfSessionsIsBounded() {
    for (int i = 0; i < CredentialCache.MAX_SESSIONS + 500; i++) {
      cache.get(session("user-" + i));
      runAll();
      now = now.plusMillis(1);
    }

    assertThat(cache.size()).isLessThanOrEqualTo(CredentialCache.MAX_SESSIONS);
    assertThat(cache.ready(session("user-" + (CredentialCache.MAX_SESSIONS + 499)))).isPresent();
  }

  private void runAll() {
    while (!work.isEmpty()) {
      work.poll().run();
    }
  }

  private static void same(Ready ready, RoleSession session) {
    assertThat(ready.session()).isEqualTo(session);
  }

  private CredentialOutcome ready(RoleSession session, int minutes) {
    return new Ready(
        session,
        new SigningCredentials(
            "ASIA" + asked.size(),
            SecretKeyBytes.of("secret"),
            Optional.of("token"),
            Optional.of(now.plus(Duration.ofMinutes(minutes)))));
  }

  private static RoleSession session(String name) {
    return new RoleSession("r", name, StsPlace.of("us-east-1"), none(), none(), Map.of());
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }
}
