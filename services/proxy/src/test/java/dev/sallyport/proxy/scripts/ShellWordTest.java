package dev.sallyport.proxy.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class ShellWordTest {
  private static final String NASTY = "'\"\\$`;&|<>(){}[]*?!#~%@\n\r\t =-abc\u00e9\u2028";
  private static final int WORDS = 300;

  /// All words in one shell: each must come out as it went in, and nothing else happen.
  @Test
  void anyTextComesOutOfAShellAsItIs() throws IOException, InterruptedException {
    var random = new Random(7);
    var script = new StringBuilder();
    var expected = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      var text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(NASTY.charAt(random.nextInt(NASTY.length())));
      }
      script.append("printf '%s\\0' ").append(ShellWord.of(text.toString())).append('\n');
      expected.append(text).append('\0');
    }
    var shell = new ProcessBuilder("sh", "-s").redirectErrorStream(true).start();
    try (var in = shell.getOutputStream()) {
      in.write(script.toString().getBytes(StandardCharsets.UTF_8));
    }
    var said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    assertThat(said).isEqualTo(expected.toString());
  }

  @Test
  void aZeroCharacterIsNoWord() {
    assertThatThrownBy(() -> ShellWord.of("a\0b")).isInstanceOf(IllegalArgumentException.class);
  }
}
