package dev.sallyport.agent.session;

import dev.sallyport.audit.AuditSink;
import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.RequestJournal;

/// A journal that keeps outcomes only, in a sink, and refuses while the sink does.
record SinkJournal(AuditSink sink) implements RequestJournal {
  @Override
  public void begin(DynamoDbRequest intent, Begun begun) {
    try {
      sink.ready();
    } catch (AuditUnavailable e) {
      begun.refused(e);
      return;
    }
    begun.recorded(outcome -> {
      try {
        sink.append(outcome);
      } catch (AuditUnavailable e) {
        throw new IllegalStateException(e);
      }
    });
  }
}
