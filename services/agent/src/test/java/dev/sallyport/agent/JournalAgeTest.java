package dev.sallyport.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.audit.journal.JournalStats;
import org.junit.jupiter.api.Test;

class JournalAgeTest {
  private final JournalAge age = new JournalAge();
  private long now;

  private long look(long sequence, long delivered) {
    var stats = new JournalStats(sequence, delivered, 0, 0, 0, true);
    age.look(stats, now);
    return age.nanos(stats, now);
  }

  @Test
  void nothingWaitsWhenAllIsDelivered() {
    assertThat(look(0, 0)).isZero();
    now = 100;
    assertThat(look(5, 5)).isZero();
  }

  @Test
  void theOldestCountsFromTheLastLookThatDidNotSeeIt() {
    look(5, 5);
    now = 10;
    look(5, 5);
    now = 20;
    assertThat(look(6, 5)).isEqualTo(10);
    now = 30;
    look(9, 5);
    now = 40;
    assertThat(look(9, 5)).isEqualTo(30);
    assertThat(look(9, 7)).as("6 and 7 are there, 8 came after 20").isEqualTo(20);
    assertThat(look(9, 9)).isZero();
  }

  @Test
  void aSteadyStreamIsNotOld() {
    for (now = 0; now < 100_000; now++) {
      assertThat(look(now, Math.max(0, now - 2))).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void whatWaitsFromTheStartIsAsOldAsTheProcess() {
    look(50, 0);
    now = 60;
    assertThat(look(50, 0)).isEqualTo(60);
  }

  @Test
  void anotherChainMakesNothingYounger() {
    look(50, 40);
    now = 60;
    look(55, 40);
    now = 70;
    assertThat(look(15, 0)).isEqualTo(70);
    assertThat(look(15, 15)).isZero();
  }

  @Test
  void aLongOutageIsRememberedInBoundedRoom() {
    look(0, 0);
    for (now = 1; now < 20_000; now++) {
      look(now, 0);
    }
    assertThat(look(20_000, 0)).isEqualTo(now);
  }
}
