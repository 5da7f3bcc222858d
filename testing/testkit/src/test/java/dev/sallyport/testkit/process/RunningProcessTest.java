package dev.sallyport.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RunningProcessTest {
  private static RunningProcess shell(String script) throws IOException {
    return RunningProcess.start(List.of("/bin/sh", "-c", script), Map.of("PATH", "/usr/bin:/bin"));
  }

  @Test
  void aLineIsFoundWhetherItWasPrintedBeforeOrAfterTheWaitBegan() throws IOException {
    try (RunningProcess process = shell("echo one; read x; echo port=$x; read y")) {
      process.awaitLine("^one$");
      assertThatThrownBy(() -> process.awaitLine(Pattern.compile("port"), Duration.ofMillis(50)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("one");
    }
  }

  @Test
  void theWaitEndsAtOnceWhenTheProcessHasEndedWithoutTheLine() throws IOException {
    try (RunningProcess process = shell("echo only this")) {
      assertThatThrownBy(() -> process.awaitLine("something else"))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("only this");
    }
  }

  @Test
  void inputOutputErrorsAndExitCodeAreKeptApart() throws IOException {
    try (RunningProcess process = shell("read x; echo out $x; echo err >&2; exit 3")) {
      CommandResult result = process.finish("hello\n", Duration.ofSeconds(10));
      assertThat(result.output()).isEqualTo("out hello\n");
      assertThat(result.errors()).isEqualTo("err\n");
      assertThat(result.exitCode()).isEqualTo(3);
      assertThatThrownBy(result::orFail).hasMessageContaining("out hello");
    }
  }

  @Test
  void closingEndsAProcessThatWouldRunForever() throws IOException {
    RunningProcess process = shell("echo ready; exec tail -f /dev/null");
    process.awaitLine("ready");
    process.kill();
    assertThat(process.alive()).isFalse();
    process.close();
  }
}
