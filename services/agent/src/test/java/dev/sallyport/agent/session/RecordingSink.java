package dev.sallyport.agent.session;

import dev.sallyport.audit.AuditEvent;
import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps events in memory, or refuses them.
final class RecordingSink implements AuditSink {
  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  volatile boolean broken;

  @Override
  public void append(AuditEvent event) throws AuditUnavailable {
    ready();
    events.add(event);
  }

  @Override
  public void ready() throws AuditUnavailable {
    if (broken) {
      throw new AuditUnavailable("the disk is full");
    }
  }

  <T extends AuditEvent> List<T> of(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
