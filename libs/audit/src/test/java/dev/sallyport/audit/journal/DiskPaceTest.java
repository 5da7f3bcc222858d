package dev.sallyport.audit.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DiskPaceTest {

  private final DiskPace pace = new DiskPace();

  @Test
  void aDiskIsQuickUntilACallWaitsLong() {
    assertThat(pace.isQuick(-5)).isTrue();
    pace.waits(-5);
    assertThat(pace.isQuick(-5 + DiskPace.WAIT_NANOS_MAX - 1)).isTrue();
    assertThat(pace.isQuick(-5 + DiskPace.WAIT_NANOS_MAX)).isFalse();
    pace.waited();
    assertThat(pace.isQuick(-5 + DiskPace.WAIT_NANOS_MAX)).isTrue();
  }

  @Test
  void aSlowWriteIsTheLastForAWhile() {
    pace.wrote(0, DiskPace.WRITE_NANOS_MAX);
    assertThat(pace.isQuick(DiskPace.WRITE_NANOS_MAX)).isTrue();
    long end = DiskPace.WRITE_NANOS_MAX + 1;
    pace.wrote(0, end);
    assertThat(pace.isQuick(end)).isFalse();
    assertThat(pace.isQuick(end + DiskPace.REST_NANOS - 1)).isFalse();
    assertThat(pace.isQuick(end + DiskPace.REST_NANOS)).isTrue();
  }
}
