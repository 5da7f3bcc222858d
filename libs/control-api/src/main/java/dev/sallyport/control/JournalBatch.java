package dev.sallyport.control;

import dev.sallyport.audit.chain.ChainHash;
import dev.sallyport.audit.chain.ChainId;
import dev.sallyport.audit.chain.ChainLink;
import dev.sallyport.audit.chain.Checkpoint;
import java.util.List;

/// A run of an agent's chain of audit records, sent until it is acknowledged. A record that is
/// stored already is taken as delivered when its bytes are the same.
///
/// @param agent the agent's host id, which must be the sender's
/// @param epoch which of its chains
/// @param first the sequence number of the first record; without records, of the one that is next
/// @param previous the chain's hash before the first record
/// @param records the exact text of each record, in order; the chain is over its UTF-8 bytes
/// @param head the chain's hash after the last record
/// @param checkpoints what the agent signed, each for a record of this batch or of one before
public record JournalBatch(
    String agent,
    String epoch,
    long first,
    String previous,
    List<String> records,
    String head,
    List<Checkpoint> checkpoints) {

  /// Most records of one batch.
  public static final int RECORDS_MAX = 1000;

  /// Most UTF-8 bytes of all records of one batch, unless it is a single one.
  public static final int BYTES_MAX = 1 << 20;

  /// Most checkpoints of one batch.
  public static final int CHECKPOINTS_MAX = 16;

  /// Copies the lists and refuses what is no run of a chain.
  public JournalBatch {
    records = List.copyOf(records);
    checkpoints = List.copyOf(checkpoints);
    if (first < 1) {
      throw new IllegalArgumentException("first: " + first + " (expected: 1 or more)");
    }
    if (records.size() > RECORDS_MAX || checkpoints.size() > CHECKPOINTS_MAX) {
      throw new IllegalArgumentException("batch is too large");
    }
    new ChainLink(new ChainId(agent, epoch), first - 1, ChainHash.parse(previous));
    ChainHash.parse(head);
  }

  /// The place before the first record.
  public ChainLink start() {
    return new ChainLink(new ChainId(agent, epoch), first - 1, ChainHash.parse(previous));
  }
}
