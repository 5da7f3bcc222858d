package dev.sallyport.tctl;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/// tctl as somebody runs it beside a cluster that is a map, and what it printed the last time.
abstract class TctlRig {
  final FakeAdminApi cluster = new FakeAdminApi();
  final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  @TempDir Path folder = Path.of("");

  /// Runs it with nothing on its standard input.
  int tctl(String... arguments) {
    return tctlReading("", arguments);
  }

  /// Runs it with a text on its standard input.
  int tctlReading(String input, String... arguments) {
    out.reset();
    err.reset();
    var invocation =
        new Invocation(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true),
            new PrintStream(err, true),
            Map.copyOf(environment),
            folder,
            () -> FakeAdminApi.NOW);
    return new Tctl(options -> cluster).run(arguments, invocation);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
