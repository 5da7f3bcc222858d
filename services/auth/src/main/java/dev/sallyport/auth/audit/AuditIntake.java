package dev.sallyport.auth.audit;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditJson;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.ClusterEvent;
import dev.sallyport.audit.DatabaseEvent;
import dev.sallyport.audit.InvalidAuditEvent;
import dev.sallyport.audit.UserEvent;
import dev.sallyport.control.AuditAccepted;
import dev.sallyport.control.AuditBatch;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/// Takes the events that agents and proxies report. A host may report what happened at itself, and
/// no other kind of event; a batch with one it may not report is refused whole. An event that comes
/// again is stored once, as far back as [#REMEMBERED] events.
public final class AuditIntake {
  /// Most events of one batch.
  public static final int BATCH_MAX = 1000;

  /// How many of the last event ids are known.
  public static final int REMEMBERED = 100_000;

  private static final int UID_LENGTH_MAX = 64;

  private final AuditSink sink;
  private final String clusterName;
  private final Map<String, Boolean> known =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  public AuditIntake(AuditSink sink, String clusterName) {
    this.sink = sink;
    this.clusterName = clusterName;
  }

  /// Learns what the log on disk holds already. Called once, before the first batch.
  public synchronized void remember(Path log) throws IOException {
    for (var event : LogTail.read(log)) {
      if (event instanceof DatabaseEvent own) {
        known.put(own.serverId() + " " + own.header().uid(), true);
      }
    }
  }

  /// Puts a batch on record. When it fails half way, the host sends it again and what is on record
  /// already is known.
  public synchronized AuditAccepted accept(HostIdentity host, AuditBatch batch) {
    if (batch.events().size() > BATCH_MAX) {
      throw bad("%d events (expected: at most %d)".formatted(batch.events().size(), BATCH_MAX));
    }
    var events = new ArrayList<AuditEvent>();
    for (var json : batch.events()) {
      try {
        events.add(check(host, AuditJson.read(json)));
      } catch (InvalidAuditEvent e) {
        throw bad("event %d: %s".formatted(events.size(), e.getMessage()));
      }
    }
    for (var event : events) {
      var key = key(host, event);
      if (!known.containsKey(key)) {
        append(event);
        known.put(key, true);
      }
    }
    return new AuditAccepted(events.size());
  }

  /// The host is part of it, so that none can make another's events vanish by using their ids.
  private static String key(HostIdentity host, AuditEvent event) {
    return host.hostId() + " " + event.header().uid();
  }

  private void append(AuditEvent event) {
    try {
      sink.append(event);
    } catch (AuditUnavailable e) {
      throw new ControlException(
          ErrorKind.UNAVAILABLE, "the audit log can't be written, send the events again", e);
    }
  }

  private AuditEvent check(HostIdentity host, AuditEvent event) {
    var uid = event.header().uid();
    if (uid.isEmpty() || uid.length() > UID_LENGTH_MAX) {
      throw bad("an event id of %d characters".formatted(uid.length()));
    }
    if (!event.header().clusterName().equals(clusterName) || !mayReport(host, event)) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          "a %s host may not report this \"%s\" event"
              .formatted(host.role().wireName(), event.event()));
    }
    return event;
  }

  private static boolean mayReport(HostIdentity host, AuditEvent event) {
    return switch (event) {
      case DatabaseEvent own ->
          host.role() == SystemRole.DB && own.serverId().equals(host.hostId());
      case UserEvent.AuthAttempt _ -> true;
      case UserEvent _, ClusterEvent _ -> false;
    };
  }

  private static ControlException bad(String message) {
    return new ControlException(ErrorKind.BAD_PARAMETER, message);
  }
}
