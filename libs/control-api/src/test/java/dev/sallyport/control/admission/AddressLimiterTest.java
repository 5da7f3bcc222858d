package dev.sallyport.control.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.detector.BlockingDetector;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AddressLimiterTest {
  private static final Rate THREE_AND_ONE_A_SECOND = new Rate(3, Duration.ofSeconds(1));

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 500_000_000L);

  private AddressLimiter limiter(int addresses) {
    return new AddressLimiter(THREE_AND_ONE_A_SECOND, addresses, nanos::get);
  }

  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }

  @Test
  void anAddressHasItsBurstAndThenWhatTimeGivesBack() {
    var limiter = limiter(10);
    var one = address("203.0.113.1");
    for (int i = 0; i < 3; i++) {
      assertThat(limiter.tryAcquire(one)).isTrue();
    }
    assertThat(limiter.tryAcquire(one)).isFalse();
    assertThat(limiter.tryAcquire(address("203.0.113.2"))).isTrue();

    nanos.addAndGet(Duration.ofMillis(999).toNanos());
    assertThat(limiter.tryAcquire(one)).isFalse();
    nanos.addAndGet(Duration.ofMillis(2).toNanos());
    assertThat(limiter.tryAcquire(one)).isTrue();
    assertThat(limiter.tryAcquire(one)).isFalse();
  }

  @Test
  void silenceNeverSavesMoreThanTheBurst() {
    var limiter = limiter(10);
    var one = address("203.0.113.1");
    limiter.tryAcquire(one);
    nanos.addAndGet(Duration.ofDays(1).toNanos());
    for (int i = 0; i < 3; i++) {
      assertThat(limiter.tryAcquire(one)).isTrue();
    }
    assertThat(limiter.tryAcquire(one)).isFalse();
  }

  @Test
  void anIpv6ClientIsItsNetworkAndAMappedIpv4AddressIsTheIpv4Client() {
    var limiter = limiter(10);
    limiter.tryAcquire(address("2001:db8:1:2::1"));
    limiter.tryAcquire(address("2001:db8:1:2::2"));
    limiter.tryAcquire(address("2001:db8:1:2:ffff::3"));
    assertThat(limiter.tryAcquire(address("2001:db8:1:2::4"))).isFalse();
    assertThat(limiter.tryAcquire(address("2001:db8:1:3::1"))).isTrue();

    for (int i = 0; i < 3; i++) {
      limiter.tryAcquire(address("203.0.113.7"));
    }
    assertThat(limiter.tryAcquire(address("::ffff:203.0.113.7"))).isFalse();
  }

  @Test
  void memoryIsBoundedAndTheAddressThatWasSilentLongestIsForgotten() {
    var limiter = limiter(100);
    var busy = address("203.0.113.1");
    for (int i = 0; i < 3; i++) {
      limiter.tryAcquire(busy);
    }
    for (int i = 0; i < 10_000; i++) {
      limiter.tryAcquire(address("10.0." + i / 256 % 256 + "." + i % 256));
      assertThat(limiter.tryAcquire(busy)).isFalse();
    }
    assertThat(limiter.remembered()).isEqualTo(100);
  }

  @Test
  void threadsThatMeetNeverParkAndNeverGiveMoreThanTheBurst() throws Exception {
    var limiter = new AddressLimiter(new Rate(1_000, Duration.ofDays(1)), 10, () -> 0);
    var taken = new AtomicLong();
    var threads = new ArrayList<Thread>();
    try (var detector = new BlockingDetector()) {
      for (int i = 0; i < 4; i++) {
        threads.add(
            Thread.ofPlatform()
                .name(BlockingDetector.LOOP_PREFIX + "limiter-" + i)
                .start(() -> {
                  for (int n = 0; n < 20_000; n++) {
                    if (limiter.tryAcquire(address("203.0.113.1"))) {
                      taken.incrementAndGet();
                    }
                  }
                }));
      }
      for (var thread : threads) {
        thread.join();
      }
      assertThat(detector.finish()).isEmpty();
    }
    assertThat(taken).hasValue(1_000);
  }

  @Test
  void aRateWithoutRefillIsNoRate() {
    assertThatThrownBy(() -> new Rate(1, Duration.ZERO)).hasMessageContaining("expected: positive");
  }
}
