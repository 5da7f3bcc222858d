package dev.sallyport.testkit.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What runs in the background of a script ignores INT, what runs under {@code nohup} ignores HUP,
 * and every process started from there does too, as if nobody had pressed Ctrl-C. Tests send these
 * signals: their processes hear them, however the tests themselves were started. On Linux.
 */
final class HeardSignals {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String IGNORED = "SigIgn:";
  private static final int HEX = 16;

  private HeardSignals() {}

  /** The command line, by way of {@code env} where a signal would be ignored. */
  static List<String> in(List<String> commandLine) throws IOException {
    List<String> deaf = Files.isReadable(STATUS) ? ignored(Files.readAllLines(STATUS)) : List.of();
    if (deaf.isEmpty()) {
      return commandLine;
    }
    List<String> line = new ArrayList<>();
    line.add("env");
    line.add("--default-signal=" + String.join(",", deaf));
    line.addAll(commandLine);
    return line;
  }

  /** Those of the two that a process ignores, by what its status says. */
  static List<String> ignored(List<String> status) {
    long mask =
        status.stream()
            .filter(line -> line.startsWith(IGNORED))
            .mapToLong(
                line -> Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), HEX))
            .findFirst()
            .orElse(0);
    return Stream.of("HUP", "INT").filter(name -> (mask & bit(name)) != 0).toList();
  }

  private static long bit(String name) {
    return name.equals("HUP") ? 1 : 2;
  }
}
