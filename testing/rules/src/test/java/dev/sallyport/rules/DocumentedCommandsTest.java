package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.launcher.Teleport;
import dev.sallyport.resources.ResourceReader;
import dev.sallyport.resources.config.TeleportFile;
import dev.sallyport.tctl.TctlMain;
import dev.sallyport.tsh.TshMain;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// What a page of `docs/` tells a reader to type, or to write into a file, is understood by what
/// will read it.
final class DocumentedCommandsTest {

  @ParameterizedTest
  @CsvSource({
    "operations.md,7",
    "install.md,5",
    "guide.md,11",
    "tsh.md,4",
    "tctl.md,20",
    "access.md,0",
    "audit.md,0",
    "revocation.md,0",
    "sign-in.md,0",
    "configuration.md,0"
  })
  void everyCommandAndFlagIsThere(String name, int atLeast) throws IOException {
    var page = DocumentPage.read(name);
    var wrong = new ArrayList<String>();
    for (var command : page.commands()) {
      try {
        parse(command);
      } catch (ParameterException e) {
        wrong.add(String.join(" ", command) + ": " + e.getMessage());
      }
    }
    for (var command : page.mentions()) {
      try {
        parse(command);
      } catch (ParameterException e) {
        // A sentence need not have all of it.
        if (!(e instanceof MissingParameterException)) {
          wrong.add(String.join(" ", command) + ": " + e.getMessage());
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(page.commands()).hasSizeGreaterThanOrEqualTo(atLeast);
  }

  /// Those that only print, once what they would write to is left out.
  @Test
  void whatWritesFilesForHostsRunsAsItIsShown() throws IOException {
    int run = 0;
    for (var command : DocumentPage.read("install.md").commands()) {
      if (!command.getFirst().equals("teleport") || command.get(1).equals("start")) {
        continue;
      }
      var words = new ArrayList<>(command.subList(1, command.size()));
      int output = words.indexOf("-o");
      if (output >= 0) {
        words.subList(output, output + 2).clear();
      }
      var out = new ByteArrayOutputStream();
      var err = new ByteArrayOutputStream();
      int status =
          Teleport.run(
              words.toArray(String[]::new),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              Map.of("SALLYPORT_PROGRAM", "/usr/local/bin/teleport"),
              InstantSource.system());
      assertThat(status).as("%s: %s", command, err.toString(StandardCharsets.UTF_8)).isZero();
      assertThat(out.toString(StandardCharsets.UTF_8)).as("%s", command).isNotBlank();
      run++;
    }
    assertThat(run).isGreaterThanOrEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "operations.md",
        "install.md",
        "guide.md",
        "tctl.md",
        "access.md",
        "audit.md",
        "configuration.md"
      })
  void everyBlockOfYamlIsReadByItsReader(String name) throws IOException {
    for (var block : DocumentPage.read(name).yaml()) {
      var warnings = new ArrayList<String>();
      if (block.contains("kind: ")) {
        assertThat(ResourceReader.read(block, name, warnings::add)).as(block).isNotEmpty();
      } else {
        warnings.addAll(TeleportFile.read(block, name).warnings());
      }
      assertThat(warnings).as(block).isEmpty();
    }
  }

  @Test
  void operationsShowFilesAndResources() throws IOException {
    assertThat(DocumentPage.read("operations.md").yaml()).hasSizeGreaterThanOrEqualTo(6);
  }

  /// A command, or a flag, that is not there is found.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$ sudo tctl auth turn --type=host",
        "$ tctl auth rotate --kind=host",
        "tsh proxy db --tunel example-dynamodb",
        "$ teleport db configure aws print-iam --types dynamodb --polcy"
      })
  void aWrongLineIsFound(String line) {
    var page = new DocumentPage("page", "```\n" + line + "\n```\n");
    assertThat(page.commands()).hasSize(1);
    var sentence = new DocumentPage("page", "so `" + line.replaceAll("^\\$ (sudo )?", "") + "`");
    assertThat(sentence.mentions()).isEqualTo(page.commands());
    assertThatThrownBy(() -> parse(page.commands().getFirst()))
        .isInstanceOf(ParameterException.class)
        .isNotInstanceOf(MissingParameterException.class);
  }

  /// A sentence's way to say what may be given.
  @Test
  void aSentenceMayLeaveThingsOpen() {
    var page =
        new DocumentPage(
            "page", "`tsh db env [-f bash\\|fish] [DATABASE]`, `tctl rm lock/<a name>`");
    assertThat(page.mentions())
        .containsExactly(
            List.of("tsh", "db", "env", "-f", "bash", "DATABASE"), List.of("tctl", "rm", "lock/x"));
  }

  private static void parse(List<String> command) {
    model(command.getFirst())
        .commandLine()
        .parseArgs(command.stream().skip(1).toArray(String[]::new));
  }

  private static CommandSpec model(String program) {
    return switch (program) {
      case "teleport" -> Teleport.model();
      case "tctl" -> TctlMain.model();
      case "tsh" -> TshMain.model();
      default -> throw new IllegalArgumentException(program);
    };
  }
}
