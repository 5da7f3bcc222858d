package dev.sallyport.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Looks for inputs that reach code which no other has reached, for a number of seconds for each
 * target ({@code ./dev fuzz SECONDS [TARGET]}); not a part of {@code ./dev test}. What is new is
 * left in {@code target/fuzz}, beside the input that broke a rule.
 */
@EnabledIfSystemProperty(named = "fuzz.seconds", matches = "[1-9][0-9]*")
final class GuidedTest {
  private static final String LONGEST_INPUT = "4096";
  private static final String MEMORY_LIMIT_MEGABYTES = "0";

  private static Iterable<String> wanted() {
    String only = System.getProperty("fuzz.target", "");
    if (only.isEmpty()) {
      return FuzzTargets.labels();
    }
    FuzzTargets.of(only);
    return List.of(only);
  }

  @ParameterizedTest
  @MethodSource("wanted")
  void noInputThatIsFoundBreaksARule(String label) throws IOException, InterruptedException {
    Path found = Corpus.module().resolve("target/fuzz").resolve(label);
    Files.createDirectories(found.resolve("corpus"));
    Path log = found.resolve("log");
    int status =
        new ProcessBuilder(command(label, found))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start()
            .waitFor();
    String said = Files.readString(log, StandardCharsets.ISO_8859_1);
    assertThat(status).as("%s: %s", label, end(said)).isZero();
    System.out.println("fuzz " + label + ": " + lastLine(said));
  }

  private static List<String> command(String label, Path found) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:+EnableDynamicAgentLoading",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Xmx1g",
        "-cp",
        System.getProperty("java.class.path"),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + JazzerEntry.class.getName(),
        "--target_args=" + label,
        "--instrumentation_includes=dev.sallyport.**",
        // It breaks Netty's queues, which work on memory of their own.
        "--disabled_hooks=com.code_intelligence.jazzer.sanitizers.UnsafeSanitizer",
        "--reproducer_path=" + found,
        "-artifact_prefix=" + found + "/",
        "-max_total_time=" + System.getProperty("fuzz.seconds"),
        "-max_len=" + LONGEST_INPUT,
        "-rss_limit_mb=" + MEMORY_LIMIT_MEGABYTES,
        found.resolve("corpus").toString(),
        Corpus.folder(label).toString());
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - 4000));
  }

  private static String lastLine(String text) {
    String[] lines = text.strip().split("\n", -1);
    return lines[lines.length - 1];
  }
}
