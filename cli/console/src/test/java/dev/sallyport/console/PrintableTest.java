package dev.sallyport.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// What others made up does not steer the terminal.
class PrintableTest {
  /// Clears the screen, by the short form too, renames the window, turns the direction.
  private static final String EVIL = "a\u001b[2J\u009b1mb\u001b]0;x\u0007\r\u202ec\u007f";

  private static final String HARMLESS = "a?[2J?1mb?]0;x???c?";

  @Command(name = "fails")
  private static final class Failing implements Runnable {
    @Override
    public void run() {
      throw new CommandFailure("first: " + EVIL + "\nsecond");
    }
  }

  @Test
  void controlAndFormatCharactersAreShownAsQuestionMarks() {
    assertThat(Printable.text(EVIL)).isEqualTo(HARMLESS);
    assertThat(Printable.line(EVIL + "\n\td")).isEqualTo(HARMLESS + "??d");
  }

  @Test
  void whatIsHarmlessStays() {
    var text = "señor 𝄞 日本\n\tsecond";
    assertThat(Printable.text(text)).isSameAs(text);
    assertThat(Printable.line("señor 𝄞 日本")).isEqualTo("señor 𝄞 日本");
  }

  @Test
  void cellsOfATableKeepTheirLine() {
    var table = new TextTable("Name", "Note");
    table.row("x\ny", EVIL);
    assertThat(table.text().lines()).hasSize(3).last().isEqualTo("x?y  " + HARMLESS);
  }

  @Test
  void theMessageOfACommandThatFailsDoes() {
    var err = new ByteArrayOutputStream();
    var stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    var console =
        new Console(
            InputStream.nullInputStream(),
            stream,
            stream,
            Map.of(),
            Path.of("home"),
            InstantSource.system());
    assertThat(CommandTree.run(new CommandLine(new Failing()), console, () -> false)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("ERROR: first: " + HARMLESS + "\nsecond\n\n");
  }
}
