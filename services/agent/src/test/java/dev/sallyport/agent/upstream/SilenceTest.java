package dev.sallyport.agent.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SilenceTest {
  private final Silence silence = new Silence();

  @Test
  void whatWasSilentFromTheBeginningIsSoAfterTheWholeTime() {
    silence.begin();
    assertThat(looks(3)).isFalse();
    assertThat(silence.look()).isTrue();
  }

  @Test
  void aWordJustAfterALookCostsAQuarterOfTheTimeMoreAndNoneASecondWholeTime() {
    silence.begin();
    assertThat(looks(3)).isFalse();
    silence.broken();
    assertThat(looks(4)).isFalse();
    assertThat(silence.look()).isTrue();
  }

  @Test
  void oneWordBetweenAnyTwoLooksIsEnough() {
    silence.begin();
    for (int i = 0; i < 100; i++) {
      silence.broken();
      assertThat(looks(1 + i % Silence.LOOKS)).isFalse();
    }
  }

  @Test
  void theNextExchangeBeginsWithAllItsTime() {
    silence.begin();
    assertThat(looks(3)).isFalse();
    silence.begin();
    assertThat(looks(3)).isFalse();
  }

  private boolean looks(int count) {
    for (int i = 0; i < count; i++) {
      if (silence.look()) {
        return true;
      }
    }
    return false;
  }
}
