package dev.sallyport.agent.session;

import dev.sallyport.agent.record.EventIds;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent;
import dev.sallyport.audit.EventHeader;
import dev.sallyport.audit.RequestJournal;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How the data path puts things on record.
///
/// @param journal for requests that may leave
/// @param rounds the same for an event loop, which writes what comes in one round together
/// @param sink for everything else
/// @param bodies tells what of a body is on record
/// @param serverId the agent's host id
/// @param clusterName the cluster's name
public record Records(
    RequestJournal journal,
    RoundIntents rounds,
    AuditSink sink,
    EventIds ids,
    BodyRecorder bodies,
    InstantSource clock,
    String serverId,
    String clusterName) {
  private static final Logger LOG = LoggerFactory.getLogger(Records.class);

  /// A header for an event that happens now.
  EventHeader header(long index) {
    return new EventHeader(ids.next(), clock.instant(), clusterName, index);
  }

  /// Puts on record what already happened. When that fails there is nothing left to refuse, so the
  /// log has to tell.
  void append(DatabaseEvent event) {
    try {
      sink.append(event);
    } catch (AuditUnavailable e) {
      LOG.atError()
          .setCause(e)
          .addKeyValue("event", event.event())
          .addKeyValue("uid", event.header().uid())
          .log("An event could not be put on record");
    }
  }
}
