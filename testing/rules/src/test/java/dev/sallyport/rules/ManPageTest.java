package dev.sallyport.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.console.ManPage;
import dev.sallyport.launcher.Teleport;
import dev.sallyport.tctl.TctlMain;
import dev.sallyport.tsh.TshMain;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

final class ManPageTest {

  static Stream<CommandSpec> programs() {
    return Stream.of(Teleport.model(), TctlMain.model(), TshMain.model());
  }

  /// A command or a flag that is added is in the page, and shows as it is typed.
  @ParameterizedTest
  @MethodSource("programs")
  void everyCommandAndFlagIsInThePage(CommandSpec program, @TempDir Path folder) throws Exception {
    var page = folder.resolve("page.1");
    Files.writeString(page, ManPage.of(program, "1.0.0", "what it is"));
    var shown = shown(page).replaceAll("\\s+", " ");
    assertThat(shown).contains("NAME " + program.name() + " - what it is");
    checked(program.name(), program, shown);
  }

  private static void checked(String path, CommandSpec command, String shown) {
    for (var option : command.options()) {
      if (!option.hidden() && !option.inherited()) {
        assertThat(shown).as(path).contains(String.join(", ", option.names()));
      }
    }
    for (var line : command.subcommands().values()) {
      var child = line.getCommandSpec();
      var whole = path + " " + child.name();
      if (child.subcommands().isEmpty() && !child.usageMessage().hidden()) {
        assertThat(shown).contains(whole);
      }
      checked(whole, child, shown);
    }
  }

  /// What a reader of manual pages sees, without a warning.
  private static String shown(Path page) throws IOException, InterruptedException {
    var groff = List.of("groff", "-man", "-Tutf8", "-ww", "-P-cbou", "-rLL=500n", page.toString());
    Process process;
    try {
      process = new ProcessBuilder(groff).start();
    } catch (IOException absent) {
      assumeTrue(false, "no groff here");
      throw absent;
    }
    var shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    var errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(errors).isZero();
    assertThat(errors).isEmpty();
    return shown;
  }
}
