package dev.sallyport.auth.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.users.FailureLocks;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.User;
import dev.sallyport.model.UserStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Guessing is slowed, and nobody is locked out by others.
final class FailureBrakeTest {
  private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
  private static final User ALICE =
      new User(Metadata.named("alice"), List.of(), Map.of(), Optional.empty());

  private Instant now = START;
  private final List<Duration> waits = new ArrayList<>();
  private final FailureBrake brake = new FailureBrake(() -> now, waits::add);

  @Test
  void noMoreTriesAreUnderWayThanMayStillFail() {
    brake.failed("alice", "192.0.2.1");
    var begun = new ArrayList<FailureBrake.Try>();
    for (var i = 0; i < 4; i++) {
      begun.add(brake.begin("alice", "192.0.2.1").orElseThrow());
    }
    assertThat(brake.begin("alice", "192.0.2.1")).isEmpty();
    assertThat(brake.begin("alice", "192.0.2.2")).isPresent();
    // What ended without an outcome leaves room; what others have under way still counts.
    begun.removeLast().close();
    begun.add(brake.begin("alice", "192.0.2.1").orElseThrow());
    brake.succeeded("alice", "192.0.2.1");
    begun.removeLast().close();
    begun.add(brake.begin("alice", "192.0.2.1").orElseThrow());
    begun.add(brake.begin("alice", "192.0.2.1").orElseThrow());
    assertThat(brake.begin("alice", "192.0.2.1")).isEmpty();
    begun.forEach(FailureBrake.Try::close);
    assertThat(brake.open("alice", "192.0.2.1")).isTrue();
  }

  @Test
  void pairIsClosedByItsFifthFailureAndNoOtherPairWithIt() {
    for (var i = 1; i <= 5; i++) {
      assertThat(brake.open("alice", "192.0.2.1")).isTrue();
      brake.failed("alice", "192.0.2.1");
    }
    assertThat(brake.open("alice", "192.0.2.1")).isFalse();
    assertThat(brake.open("alice", "192.0.2.2")).isTrue();
    assertThat(brake.open("bob", "192.0.2.1")).isTrue();
    now = START.plus(FailureBrake.CLOSED_FOR).minusMillis(1);
    assertThat(brake.open("alice", "192.0.2.1")).isFalse();
    now = START.plus(FailureBrake.CLOSED_FOR);
    assertThat(brake.open("alice", "192.0.2.1")).isTrue();
  }

  @Test
  void failuresOfLongAgoAndBeforeASuccessDoNotCount() {
    fail("alice", "192.0.2.1", 4);
    now = now.plus(FailureBrake.MEMORY).plusMillis(1);
    fail("alice", "192.0.2.1", 4);
    brake.succeeded("alice", "192.0.2.1");
    fail("alice", "192.0.2.1", 4);
    assertThat(brake.open("alice", "192.0.2.1")).isTrue();
  }

  @Test
  void networkOfOnePersonIsOneAddress() {
    for (var i = 0; i < 5; i++) {
      brake.failed("alice", "2001:db8:1:2::" + i);
    }
    assertThat(brake.open("alice", "2001:db8:1:2:ffff::1")).isFalse();
    assertThat(brake.open("alice", "2001:db8:1:3::1")).isTrue();
  }

  @Test
  void hundredsOfFailuresFromEverywhereCloseTheNameToNobodyElse() {
    for (var i = 0; i < 500; i++) {
      brake.failed("alice", "198.51.%d.%d".formatted(i / 250, i % 250));
    }
    assertThat(brake.open("alice", "192.0.2.1")).isTrue();
    brake.slow("alice");
    assertThat(waits).containsExactly(FailureBrake.DELAY_MAX);
  }

  @Test
  void delayGrowsWithFailuresAndIsBounded() {
    var delays = new ArrayList<Long>();
    for (var i = 0; i < 17; i++) {
      delays.add(brake.delay("alice").toMillis());
      brake.failed("alice", "198.51.100." + i);
    }
    assertThat(delays)
        .containsExactly(
            0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 250L, 500L, 1000L, 2000L, 4000L, 4000L, 4000L);
    assertThat(brake.delay("bob")).isZero();
    now = now.plus(FailureBrake.MEMORY).plusMillis(1);
    assertThat(brake.delay("alice")).isZero();
    brake.slow("alice");
    assertThat(waits).isEmpty();
  }

  @Test
  void moreThanWaitAtOnceDoNotWait() throws InterruptedException {
    fail("alice", "192.0.2.1", 20);
    var full = new ArrayList<Thread>();
    var arrived = new java.util.concurrent.CountDownLatch(FailureBrake.WAITING_MAX);
    var end = new java.util.concurrent.CountDownLatch(1);
    var crowded =
        new FailureBrake(
            () -> now,
            _ -> {
              arrived.countDown();
              end.await();
            });
    for (var i = 0; i < 20; i++) {
      crowded.failed("alice", "192.0.2.1");
    }
    for (var i = 0; i < FailureBrake.WAITING_MAX; i++) {
      full.add(Thread.ofVirtual().start(() -> crowded.slow("alice")));
    }
    arrived.await();
    // It returns though nobody ends the wait of the others.
    crowded.slow("alice");
    end.countDown();
    for (var thread : full) {
      thread.join();
    }
    assertThat(arrived.getCount()).isZero();
  }

  @Test
  void lockIsShownWhileItLastsAndEndedByHand() {
    assertThat(brake.shown(ALICE)).isEqualTo(ALICE);
    fail("alice", "192.0.2.1", 5);
    now = now.plusSeconds(60);
    fail("alice", "192.0.2.2", 5);
    assertThat(brake.shown(ALICE).status())
        .isEqualTo(
            new UserStatus(
                true,
                Optional.of(now.plus(FailureBrake.CLOSED_FOR)),
                Optional.of("user has exceeded maximum failed login attempts"),
                Optional.of(now)));
    assertThat(FailureLocks.kept(brake.shown(ALICE))).isEqualTo(ALICE);
    var byHand = new UserStatus(true, Optional.empty(), Optional.of("on leave"), Optional.empty());
    assertThat(brake.shown(ALICE.withStatus(byHand)).status()).isEqualTo(byHand);
    assertThat(FailureLocks.kept(ALICE.withStatus(byHand)).status()).isEqualTo(byHand);

    brake.clear("alice");
    assertThat(brake.shown(ALICE)).isEqualTo(ALICE);
    assertThat(brake.open("alice", "192.0.2.2")).isTrue();
    assertThat(brake.delay("alice")).isZero();
  }

  /// Whoever invents names and addresses, however long they are, fills so much and no more.
  @Test
  void inventedNamesAndAddressesTakeABoundedMemory() {
    var table = new FailureTable(FailureBrake.ENTRIES_MAX);
    var longName = "x".repeat(60_000);
    for (var i = 0; i < 3 * FailureBrake.ENTRIES_MAX; i++) {
      var key =
          FailureTable.Tried.pair(longName + i, "2001:db8:%x:%x::1".formatted(i >> 8, i & 255));
      assertThat(key.user()).hasSizeLessThan(80);
      assertThat(key.network()).hasSizeLessThan(80);
      table.findOrMake(key).add(START, 26);
      assertThat(table.of(longName + i)).hasSize(1);
    }
    assertThat(table.size()).isEqualTo(FailureBrake.ENTRIES_MAX);
    assertThat(table.of(longName + 1)).isEmpty();
    table.clear(longName + (3 * FailureBrake.ENTRIES_MAX - 1));
    assertThat(table.size()).isEqualTo(FailureBrake.ENTRIES_MAX - 1);
    assertThat(FailureTable.Tried.name("y".repeat(65)))
        .isNotEqualTo(FailureTable.Tried.name("y".repeat(66)));
  }

  /// Those who are braked stay so while others come, as long as there is room.
  @Test
  void longNamesAreBrakedAsShortOnesAre() {
    var longName = "x".repeat(5000);
    fail(longName, "192.0.2.1", 5);
    assertThat(brake.open(longName, "192.0.2.1")).isFalse();
    assertThat(brake.open(longName + "y", "192.0.2.1")).isTrue();
    brake.clear(longName);
    assertThat(brake.open(longName, "192.0.2.1")).isTrue();
  }

  private void fail(String user, String address, int times) {
    for (var i = 0; i < times; i++) {
      brake.failed(user, address);
    }
  }
}
