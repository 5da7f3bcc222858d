package dev.sallyport.audit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The journal without a memory of its own: refuses to begin while the sink is out of order, and
/// puts outcomes on record. A request whose outcome could not be written makes the journal refuse
/// until the sink takes events again.
public final class OutcomeJournal implements RequestJournal {

  private static final Logger LOG = LoggerFactory.getLogger(OutcomeJournal.class);

  private final AuditSink sink;

  /// Writes to this sink.
  public OutcomeJournal(AuditSink sink) {
    this.sink = sink;
  }

  @Override
  public RequestEntry begin(DatabaseEvent.DynamoDbRequest intent) throws AuditUnavailable {
    sink.ready();
    return outcome -> {
      try {
        sink.append(outcome);
      } catch (AuditUnavailable lost) {
        LOG.atError()
            .addKeyValue("uid", outcome.header().uid())
            .setCause(lost)
            .log("The outcome of a request could not be put on record");
      }
    };
  }
}
