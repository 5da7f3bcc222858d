package dev.sallyport.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class HeardSignalsTest {
  @Test
  void theStatusOfAProcessTellsWhatItIgnores() {
    assertThat(ignoredBy("0000000080001000")).isEmpty();
    assertThat(ignoredBy("0000000080000002")).containsExactly("INT");
    assertThat(ignoredBy("0000000000000001")).containsExactly("HUP");
    assertThat(ignoredBy("ffffffffffffffff")).containsExactly("HUP", "INT");
    assertThat(HeardSignals.ignored(List.of("Name:\tjava"))).isEmpty();
  }

  private static List<String> ignoredBy(String mask) {
    return HeardSignals.ignored(List.of("Name:\tjava", "SigIgn:\t" + mask, "SigCgt:\t0"));
  }
}
