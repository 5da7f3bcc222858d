package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.AgentLimits;
import dev.sallyport.resources.config.DbLimits;
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
}
