package dev.sallyport.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Readiness readiness = new Readiness();

  private ComponentState observe(boolean healthy, long second) {
    readiness.observed(healthy, TimeUnit.SECONDS.toNanos(second));
    return readiness.state();
  }

  @Test
  void whatNeverWorkedIsStartingHoweverLong() {
    assertThat(readiness.state()).isEqualTo(ComponentState.STARTING);
    assertThat(observe(false, 0)).isEqualTo(ComponentState.STARTING);
    assertThat(observe(false, 500)).isEqualTo(ComponentState.STARTING);
    assertThat(observe(true, 501)).isEqualTo(ComponentState.OK);
  }

  @Test
  void aPauseIsNoIllness() {
    observe(true, 0);
    assertThat(observe(false, 1)).isEqualTo(ComponentState.OK);
    assertThat(observe(false, 3)).isEqualTo(ComponentState.OK);
    assertThat(observe(true, 4)).isEqualTo(ComponentState.OK);
    assertThat(observe(false, 5)).isEqualTo(ComponentState.OK);
    assertThat(observe(false, 8)).isEqualTo(ComponentState.DEGRADED);
  }

  @Test
  void whatFailedHasToBeHealthyForAWhile() {
    observe(true, 0);
    observe(false, 1);
    assertThat(observe(false, 4)).isEqualTo(ComponentState.DEGRADED);
    assertThat(observe(true, 5)).isEqualTo(ComponentState.RECOVERING);
    assertThat(observe(true, 14)).isEqualTo(ComponentState.RECOVERING);
    assertThat(observe(true, 15)).isEqualTo(ComponentState.OK);
  }

  @Test
  void whatFlapsBeginsAgain() {
    observe(true, 0);
    observe(false, 1);
    observe(false, 4);
    observe(true, 5);
    assertThat(observe(false, 9)).isEqualTo(ComponentState.DEGRADED);
    assertThat(observe(true, 10)).isEqualTo(ComponentState.RECOVERING);
    assertThat(observe(true, 19)).isEqualTo(ComponentState.RECOVERING);
    assertThat(observe(true, 20)).isEqualTo(ComponentState.OK);
  }
}
