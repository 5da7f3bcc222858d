package dev.sallyport.audit.journal;

import dev.sallyport.audit.AuditUnavailable;
import dev.sallyport.audit.DatabaseEvent.DynamoDbRequest;
import dev.sallyport.audit.RequestJournal.Begun;
import dev.sallyport.audit.RequestJournal.RequestEntry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// For tests that wait until a journal has told what became of an intent.
final class IntentWait {

  private static final long PATIENCE_SECONDS = 30;

  private IntentWait() {}

  /// @throws AuditUnavailable if the intent is refused
  static RequestEntry begin(AgentJournal journal, DynamoDbRequest intent) throws Exception {
    CompletableFuture<RequestEntry> begun = new CompletableFuture<>();
    journal.begin(
        intent,
        new Begun() {
          @Override
          public void recorded(RequestEntry entry) {
            begun.complete(entry);
          }

          @Override
          public void refused(AuditUnavailable cause) {
            begun.completeExceptionally(cause);
          }
        });
    try {
      return begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }
}
