package dev.sallyport.audit.journal;

import dev.sallyport.audit.DatabaseEvent.JournalNotice;
import dev.sallyport.audit.DatabaseEvent.JournalState;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import java.util.List;

/// The agent whose journal it is.
public interface JournalHost {

  /// Its host id.
  String agent();

  /// Signs a place of its chain.
  Checkpoint sign(ChainLink link);

  /// An event that tells what the journal went through, now.
  ///
  /// @param gaps which numbers of the chain are gone, each as `first-last`
  JournalNotice notice(
      JournalState state, String epoch, long records, long bytes, String reason, List<String> gaps);

  /// The same, without any number that is gone.
  default JournalNotice notice(
      JournalState state, String epoch, long records, long bytes, String reason) {
    return notice(state, epoch, records, bytes, reason, List.of());
  }
}
