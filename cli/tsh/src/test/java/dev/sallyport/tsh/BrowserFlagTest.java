package dev.sallyport.tsh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.console.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// Whether tsh opens a browser by itself: not with `none`, of which the flag says more than the
/// variable.
final class BrowserFlagTest {
  @ParameterizedTest
  @CsvSource({
    "--skip-version-check, system, true",
    "--browser=none, system, false",
    "--browser=none, none, false",
    "--skip-version-check, none, false",
    "--browser=system, none, true"
  })
  void noneKeepsItShut(String flag, String variable, boolean opens) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    var console =
        new Console(
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            Map.of("TELEPORT_LOGIN_BROWSER", variable),
            Path.of("never"),
            () -> Instant.EPOCH);
    var tsh = new Tsh(console, new FakeClusters(() -> Instant.EPOCH), Foreground.ofThread());
    new CommandLine(tsh).parseArgs(flag);
    assertThat(tsh.opensBrowser()).isEqualTo(opens);
  }
}
