package dev.sallyport.auth.export;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.store.AuditStore;
import dev.sallyport.control.AuditState;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// All places to which records are copied. Closed by its owner, before the store.
public final class Exporters implements AutoCloseable {
  private final List<Exporter> exporters;

  private Exporters(List<Exporter> exporters) {
    this.exporters = List.copyOf(exporters);
  }

  /// Makes them; nothing is read or opened yet.
  ///
  /// @throws IllegalArgumentException if one can never work in this environment
  public static Exporters of(
      List<ExportTarget> targets, AuditStore store, InstantSource clock, RandomGenerator random) {
    return new Exporters(
        targets.stream()
            .map(target -> new Exporter(store, target.name(), sink(target, clock), clock, random))
            .toList());
  }

  private static ExportSink sink(ExportTarget target, InstantSource clock) {
    return switch (target) {
      case ExportTarget.Files files -> new FileExport(files, clock);
      case ExportTarget.Stdout stdout -> new StdoutExport(stdout);
      case ExportTarget.Syslog syslog -> new SyslogExport(syslog);
      case ExportTarget.S3 s3 -> new S3Export(s3, clock);
    };
  }

  /// Begins to copy.
  public void start() {
    exporters.forEach(Exporter::start);
  }

  /// Under which names the store knows them.
  public List<String> names() {
    return exporters.stream().map(Exporter::name).toList();
  }

  /// How far each is.
  public List<AuditState.Export> states() throws AuditUnavailable {
    var states = new ArrayList<AuditState.Export>();
    for (var exporter : exporters) {
      states.add(exporter.state());
    }
    return states;
  }

  /// Puts out what is waiting, for a few seconds at most.
  @Override
  public void close() {
    var closing =
        exporters.stream().map(exporter -> Thread.ofVirtual().start(exporter::close)).toList();
    try {
      for (var each : closing) {
        each.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
