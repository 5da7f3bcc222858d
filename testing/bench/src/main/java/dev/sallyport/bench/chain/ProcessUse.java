package dev.sallyport.bench.chain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a process has used, from `/proc` (proc(5)).
final class ProcessUse {
  /// USER_HZ of every Linux that Java runs on.
  private static final double TICKS_PER_SECOND = 100;

  /// Of what follows the name: fields 14 and 15 of the line, counted from field 3.
  private static final int USER_TIME = 11;

  private static final int SYSTEM_TIME = 12;

  private ProcessUse() {}

  /// CPU seconds of all its threads, living and ended, to 10 ms.
  static double cpuSeconds(long pid) throws IOException {
    var line = Files.readString(Path.of("/proc/" + pid + "/stat"));
    var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME]))
        / TICKS_PER_SECOND;
  }

  /// What it holds in memory now, in MB.
  static double residentMegabytes(long pid) throws IOException {
    return megabytes(pid, "VmRSS:");
  }

  /// The most that it ever held in memory, in MB.
  static double peakMegabytes(long pid) throws IOException {
    return megabytes(pid, "VmHWM:");
  }

  private static double megabytes(long pid, String field) throws IOException {
    for (var line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
      }
    }
    throw new IOException("no " + field + " in /proc/" + pid + "/status");
  }
}
