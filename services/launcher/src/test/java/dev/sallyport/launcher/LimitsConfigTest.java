package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.AgentLimits;
import dev.sallyport.agent.http.ReaderLimits;
import dev.sallyport.agent.session.ConnectionLimits;
import dev.sallyport.resources.config.DbLimits;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LimitsConfigTest {
  /// The numbers stand in the configuration's reader and in the agent, which do not know each
  /// other.
  @Test
  void whatHoldsWhenNothingIsSaidIsWhatTheAgentTakesByItself() {
    var usual = DbLimits.DEFAULT;
    assertThat(LimitsConfig.agent(usual))
        .isEqualTo(AgentLimits.ofThisProcess(usual.sizes().body()));
  }

  @Test
  void eachNumberOfTheConfigurationArrivesWhereItCounts() {
    var said =
        new DbLimits(
            new DbLimits.Counts(101, 102, 103, 104),
            new DbLimits.Sizes(5001, 2_000_002, Optional.of(50_000_003L), Optional.of(9_000_004L)),
            new DbLimits.Times(seconds(1), seconds(2), seconds(3), seconds(4), seconds(5)));
    var limits = LimitsConfig.agent(said);
    assertThat(limits.connections()).isEqualTo(new ConnectionLimits(101, 102, 103, 104));
    assertThat(limits.reader())
        .isEqualTo(
            new ReaderLimits(
                5001,
                2_000_002,
                seconds(2),
                ReaderLimits.DEFAULT.paceBytes(),
                seconds(5),
                seconds(3)));
    assertThat(limits.bodyBytes()).isEqualTo(50_000_003L);
    assertThat(limits.bodyBytesOfUser()).isEqualTo(9_000_004L);
    assertThat(limits.bodyPatience()).isEqualTo(seconds(1));
    assertThat(limits.upstream().answer()).isEqualTo(seconds(4));
  }

  private static Duration seconds(int count) {
    return Duration.ofSeconds(count);
  }
}
