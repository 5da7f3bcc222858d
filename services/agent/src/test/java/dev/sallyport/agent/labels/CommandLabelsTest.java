package dev.sallyport.agent.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.DynamicLabel;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ServiceUris;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLabelsTest {
  private static final Duration SECONDS = Duration.ofSeconds(60);

  @TempDir Path folder = Path.of("never");

  private static DynamicLabel label(String... command) {
    return new DynamicLabel(List.of(command), Duration.ofSeconds(1), Optional.empty());
  }

  private static Database database(Map<String, DynamicLabel> labels) {
    return new Database(
        Metadata.named("orders").withLabels(Map.of("env", "dev")),
        "dynamodb",
        Optional.empty(),
        DatabaseAws.of("us-east-1", "123456789012"),
        DatabaseTls.SYSTEM,
        labels,
        ServiceUris.NONE);
  }

  private static String run(Duration limit, String... words) throws Exception {
    return new LabelCommand(List.of(words), limit).run();
  }

  @Test
  void a_command_is_no_shell_and_its_output_is_trimmed() throws Exception {
    assertThat(run(SECONDS, "echo", "  a  $HOME; b  ")).isEqualTo("a  $HOME; b");
    assertThat(run(SECONDS, "true")).isEmpty();
    assertThat(run(SECONDS, "cat")).isEmpty();
  }

  @Test
  void output_is_read_on_a_thread_that_no_other_needs() throws Exception {
    var go = folder.resolve("go");
    var script = "until [ -e '%s' ]; do sleep 0.05; done; echo gone".formatted(go);
    var value = CompletableFuture.supplyAsync(() -> runUnchecked("sh", "-c", script));
    // Virtual threads are not among these.
    await().until(() -> platformThread("sallyport-label-output"));
    Files.createFile(go);
    assertThat(value.get(60, TimeUnit.SECONDS)).isEqualTo("gone");
  }

  private static String runUnchecked(String... words) {
    try {
      return run(SECONDS, words);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean platformThread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(name));
  }

  @Test
  void a_command_that_fails_is_slow_or_prints_too_much_gives_no_value() {
    assertThatThrownBy(() -> run(SECONDS, "false")).hasMessageContaining("exit code 1");
    assertThatThrownBy(() -> run(SECONDS, "/no/such/program")).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> run(Duration.ofMillis(200), "sleep", "1000"))
        .hasMessageContaining("longer than 200 ms");
    assertThatThrownBy(() -> run(SECONDS, "yes")).hasMessageContaining("more than 1024 bytes");
    assertThatThrownBy(() -> run(SECONDS, "printf", "a\\nb")).hasMessageContaining("one line");
    assertThatThrownBy(() -> run(SECONDS, "printf", "\\377")).hasMessageContaining("UTF-8");
  }

  @Test
  void values_are_there_at_the_start_change_with_the_command_and_outlive_its_failures()
      throws IOException {
    var file = Files.writeString(folder.resolve("value"), "blue\n");
    var changes = new AtomicInteger();
    var written =
        database(
            Map.of(
                "team", label("cat", file.toString()),
                "env", label("echo", "prod"),
                "never", label("false")));
    try (var labels = new CommandLabels(List.of(written), changes::incrementAndGet, SECONDS)) {
      labels.start();
      assertThat(labels.current(written).labels().values())
          .isEqualTo(Map.of("env", "dev", "team", "blue"));
      assertThat(labels.all()).containsExactly(labels.current(written));
      long before = labels.version();
      Files.writeString(file, "red");
      await()
          .atMost(SECONDS)
          .until(() -> "red".equals(labels.current(written).labels().values().get("team")));
      assertThat(labels.version()).isGreaterThan(before);
      assertThat(changes.get()).isGreaterThanOrEqualTo(2);
      Files.delete(file);
    }
    assertThat(written.labels().values()).isEqualTo(Map.of("env", "dev"));
  }

  @Test
  void databasesThatAreReplacedKeepTheirValuesOrEndTheirCommands() throws IOException {
    var file = Files.writeString(folder.resolve("value"), "blue\n");
    var kept = database(Map.of("team", label("cat", file.toString())));
    var other =
        new Database(
            Metadata.named("other"),
            "dynamodb",
            Optional.empty(),
            DatabaseAws.of("us-east-1", "123456789012"),
            DatabaseTls.SYSTEM,
            Map.of("stage", label("echo", "test")),
            ServiceUris.NONE);
    try (var labels = new CommandLabels(List.of(kept), () -> {}, SECONDS)) {
      labels.start();
      long before = labels.version();

      labels.replace(List.of(other, database(Map.of("team", label("cat", file.toString())))));

      assertThat(labels.version()).isGreaterThan(before);
      assertThat(labels.all()).extracting(Database::name).containsExactly("other", "orders");
      assertThat(labels.current(other).labels().values()).isEqualTo(Map.of("stage", "test"));
      assertThat(labels.current(kept).labels().values())
          .isEqualTo(Map.of("env", "dev", "team", "blue"));

      labels.replace(List.of(other));
      assertThat(labels.all()).extracting(Database::name).containsExactly("other");
    }
  }
}
