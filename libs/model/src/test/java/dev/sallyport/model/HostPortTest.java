package dev.sallyport.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "teleport.example.com:443, teleport.example.com:443",
    "teleport.example.com, teleport.example.com:3080",
    "127.0.0.1:0, 127.0.0.1:0",
    "[::1]:3025, [::1]:3025",
    "[::1], [::1]:3080"
  })
  void addresses_are_read_and_written(String text, String written) {
    assertThat(HostPort.parse(text, 3080).orElseThrow()).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":", ":443", "https://x:443", "x:", "x:70000", "x:y", "::1", "a b:1", "x/y:1"})
  void what_is_no_address_is_refused(String text) {
    assertThat(HostPort.parse(text, 3080)).isEmpty();
  }

  @Test
  void a_port_alone_means_every_address_to_listen_on() {
    assertThat(HostPort.parseListen(":3025", 1).orElseThrow()).hasToString("0.0.0.0:3025");
    assertThat(HostPort.parseListen("", 1)).isEmpty();
  }
}
