package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SecretTest {
  @Test
  void printsNothingOfItself() {
    var secret = Secret.of("open sesame");

    assertThat(secret).hasToString("[redacted]");
    assertThat("token " + secret).doesNotContain("sesame");
  }

  @Test
  void givesItsTextWhenAsked() {
    assertThat(Secret.of("open sesame").reveal()).isEqualTo("open sesame");
  }

  @Test
  void equalsByText() {
    assertThat(Secret.of("a")).isEqualTo(Secret.of("a"));
    assertThat(Secret.of("a")).isNotEqualTo(Secret.of("b"));
    assertThat(Secret.of("a")).isNotEqualTo(Secret.of("aa"));
    assertThat(Secret.of("a")).isNotEqualTo("a");
  }

  @Test
  void hashTellsNothing() {
    assertThat(Secret.of("a")).hasSameHashCodeAs(Secret.of("b"));
  }
}
