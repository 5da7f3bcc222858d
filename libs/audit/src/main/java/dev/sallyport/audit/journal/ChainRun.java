package dev.sallyport.audit.journal;

import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import java.util.List;

/// Records that follow each other in a chain, on their way to Auth.
///
/// @param start the place before the first
/// @param records the text of each
/// @param head the place after the last
/// @param checkpoints what the agent signed among them
public record ChainRun(
    ChainLink start, List<String> records, ChainLink head, List<Checkpoint> checkpoints) {

  /// Copies the lists.
  public ChainRun {
    records = List.copyOf(records);
    checkpoints = List.copyOf(checkpoints);
  }
}
