package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each command of the page is one that tctl understands.
final class DocumentationTest {
  private static final Path PAGE = Path.of("../../docs/tctl.md");

  @TempDir Path folder = Path.of("");

  @Test
  void everyCommandOfThePageIsUnderstood() throws IOException {
    List<String> commands =
        Files.readAllLines(PAGE).stream()
            .filter(line -> line.startsWith("tctl "))
            .map(line -> line.split("\\s+[#>]", 2)[0].strip())
            .toList();
    assertThat(commands).hasSizeGreaterThan(20);
    assertThat(commands)
        .allSatisfy(command ->
            assertThat(error(command.replace("\"", "").replace("lost laptop", "lost").split(" ")))
                .containsAnyOf("the cluster was reached", ".yaml does not exist", "nothing"));
  }

  private String error(String[] words) {
    var err = new ByteArrayOutputStream();
    var invocation =
        new Invocation(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Map.of(),
            folder,
            () -> FakeAdminApi.NOW);
    var arguments = List.of(words).subList(1, words.length).toArray(String[]::new);
    int status =
        new Tctl(
                options -> {
                  throw new CommandFailed("the cluster was reached");
                })
            .run(arguments, invocation);
    return status == 0 ? "nothing wrong" : err.toString(StandardCharsets.UTF_8);
  }
}
