package dev.sallyport.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a process of its own hears. */
@EnabledOnOs(OS.LINUX)
final class ProcessSignalTest {
  private static final long PATIENCE_SECONDS = 60;

  /** Sends itself HUP, and ends in peace when it was heard. */
  static final class Hearing {
    private Hearing() {}

    public static void main(String[] arguments) throws Exception {
      CountDownLatch heard = new CountDownLatch(1);
      boolean taken = ProcessSignal.HANG_UP.take(heard::countDown);
      new ProcessBuilder("kill", "-HUP", String.valueOf(ProcessHandle.current().pid()))
          .start()
          .waitFor();
      // When it is ignored, there is nothing to wait for.
      boolean came = heard.await(taken ? PATIENCE_SECONDS : 0, TimeUnit.SECONDS);
      System.out.print("taken " + taken + ", came " + came);
    }
  }

  @Test
  void aSignalThatIsTakenIsHeardAndDoesNotEndTheProcess() throws Exception {
    assertThat(outputOf(List.of("env", "--default-signal=HUP"))).isEqualTo("taken true, came true");
  }

  @Test
  void aSignalThatTheStarterIgnoresIsToldApart() throws Exception {
    assertThat(outputOf(List.of("sh", "-c", "trap '' HUP; exec \"$@\"", "sh")))
        .isEqualTo("taken false, came false");
  }

  private static String outputOf(List<String> starter) throws IOException {
    List<String> java =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Hearing.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(starter.stream(), java.stream()).toList());
    Process process = builder.redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
