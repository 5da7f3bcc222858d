package dev.sallyport.diagnostics;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;

/// What every process measures of itself.
final class ProcessMetrics {
  private static final double MILLIS = 1000;

  private ProcessMetrics() {}

  /// Parts of the JVM's memory.
  private enum Area {
    HEAP,
    NONHEAP
  }

  static void write(MetricText out, String version, long startMillis) {
    if (!version.matches("[0-9A-Za-z.+-]{1,40}")) {
      throw new IllegalArgumentException("version: " + version);
    }
    out.gauge("teleport_build_info", "Which version this is; always 1.")
        .add("", 1, "version=\"" + version + "\"");
    out.gauge("process_start_time_seconds", "When the process began, in seconds since 1970.")
        .sample(startMillis / MILLIS);
    var memory = ManagementFactory.getMemoryMXBean();
    var area = "area";
    out.gauge("jvm_memory_used_bytes", "Memory of the JVM in use.")
        .sample(memory.getHeapMemoryUsage().getUsed(), new MetricText.Label(area, Area.HEAP))
        .sample(memory.getNonHeapMemoryUsage().getUsed(), new MetricText.Label(area, Area.NONHEAP));
    out.gauge("jvm_memory_max_bytes", "The most that the heap may take.")
        .sample(Runtime.getRuntime().maxMemory());
    out.gauge("jvm_threads", "Threads of the operating system that the JVM has.")
        .sample(ManagementFactory.getThreadMXBean().getThreadCount());
    out.counter("jvm_gc_seconds_total", "Time spent collecting garbage.")
        .sample(
            ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                    .filter(time -> time > 0)
                    .sum()
                / MILLIS);
  }
}
