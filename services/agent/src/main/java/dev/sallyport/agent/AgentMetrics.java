package dev.sallyport.agent;

import dev.sallyport.agent.http.BodyBudget;
import dev.sallyport.agent.session.RequestMeter;
import dev.sallyport.audit.journal.AgentJournal;
import dev.sallyport.diagnostics.MetricText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/// What an agent that serves measures. Called as a component of the diagnostics is.
final class AgentMetrics {
  private final RequestMeter requests;
  private final BodyBudget bodies;
  private final AgentJournal journal;
  private final Path journalFolder;
  private final IntSupplier connections;
  private final IntSupplier parked;
  private final JournalAge age = new JournalAge();

  /// @param connections of users
  /// @param parked connections at the Proxy
  AgentMetrics(
      RequestMeter requests,
      BodyBudget bodies,
      AgentJournal journal,
      Path journalFolder,
      IntSupplier connections,
      IntSupplier parked) {
    this.requests = requests;
    this.bodies = bodies;
    this.journal = journal;
    this.journalFolder = journalFolder;
    this.connections = connections;
    this.parked = parked;
  }

  /// About once a second.
  void look() {
    age.look(journal.stats(), System.nanoTime());
  }

  void measure(MetricText out) {
    requests.measure(out);
    out.gauge("sallyport_db_connections", "Connections of users.").sample(connections.getAsInt());
    out.gauge("sallyport_db_parked_connections", "Connections that are parked at the Proxy.")
        .sample(parked.getAsInt());
    out.gauge("sallyport_db_body_bytes", "Memory that bodies of requests hold.")
        .sample(bodies.held());
    out.gauge("sallyport_db_body_limit_bytes", "Memory that bodies of requests may hold.")
        .sample(bodies.total());
    journal(out);
  }

  private void journal(MetricText out) {
    var stats = journal.stats();
    out.gauge("sallyport_audit_journal_bytes", "Bytes of the journal's files.")
        .sample(stats.bytes());
    out.gauge("sallyport_audit_journal_segments", "Files of the journal.").sample(segments());
    out.gauge("sallyport_audit_journal_queued_bytes", "Records that wait to be written.")
        .sample(stats.queued());
    out.gauge("sallyport_audit_journal_waiting_records", "Records that Auth does not have yet.")
        .sample(stats.waiting());
    out.gauge(
            "sallyport_audit_journal_oldest_waiting_seconds",
            "How long the oldest of them has waited, since this process began.")
        .sample(age.nanos(stats, System.nanoTime()) / (double) TimeUnit.SECONDS.toNanos(1));
    out.gauge(
            "sallyport_audit_journal_lost_records",
            "Records that are lost and whose loss is not declared in the journal yet.")
        .sample(stats.lost());
    out.gauge("sallyport_audit_journal_writable", "Whether the last try to write it worked.")
        .sample(stats.writable() ? 1 : 0);
  }

  private long segments() {
    try (var files = Files.newDirectoryStream(journalFolder, "*.seg")) {
      long count = 0;
      for (var _ : files) {
        count++;
      }
      return count;
    } catch (IOException e) {
      return 0;
    }
  }
}
