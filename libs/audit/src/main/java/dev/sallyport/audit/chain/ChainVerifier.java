package dev.sallyport.audit.chain;

import java.util.ArrayList;
import java.util.List;

/// Follows one chain, record by record, and finds what was dropped, edited, moved, forked or cut
/// off. After a fault it goes on from what is there, so that one wrong record is one fault. Belongs
/// to one thread.
///
/// Feed it in the order of the sequence numbers: each record, and each checkpoint when its record
/// was fed. [#finish] takes the checkpoints that were never reached.
public final class ChainVerifier {

  private final List<ChainFault> faults = new ArrayList<>();
  private ChainLink at;
  private long checked;
  private long proven;
  private long claimed;

  /// Begins after this place; what came before is taken as it is.
  public ChainVerifier(ChainLink start) {
    this.at = start;
    this.proven = start.sequence();
    this.claimed = start.sequence();
  }

  /// The next record as it is kept.
  ///
  /// @param record its exact bytes
  /// @param kept the chain's hash that is kept with it
  public void record(long sequence, byte[] record, ChainHash kept) {
    checked++;
    if (sequence <= at.sequence()) {
      fault(
          ChainFault.Kind.OUT_OF_ORDER,
          sequence,
          sequence,
          "record " + sequence + " stands after record " + at.sequence());
      return;
    }
    if (sequence > at.sequence() + 1) {
      missing(at.sequence() + 1, sequence - 1);
      // The hash before a gap is not known; the one kept with this record must do.
      at = new ChainLink(at.chain(), sequence, kept);
      return;
    }
    ChainLink next = at.next(record);
    if (!next.hash().equals(kept)) {
      fault(
          ChainFault.Kind.EDITED,
          sequence,
          sequence,
          "record " + sequence + " or its hash was changed");
    }
    at = new ChainLink(at.chain(), sequence, kept);
  }

  /// What a checkpoint is worth.
  public enum Trust {
    /// It is signed by the agent, with a certificate that was valid then.
    SIGNED,
    /// The same, but at a time at which the certificate was not valid.
    WRONG_CLOCK,
    /// It is not signed by the agent.
    NONE
  }

  /// A checkpoint of this chain, for a record that was fed.
  ///
  /// @param trust what the check of its signature and certificate gave
  public void checkpoint(Checkpoint checkpoint, Trust trust) {
    ChainLink signed = checkpoint.link();
    if (!signed.chain().equals(at.chain())) {
      throw new IllegalArgumentException(
          "checkpoint of " + signed.chain() + " (expected: " + at.chain() + ")");
    }
    if (trust == Trust.NONE) {
      fault(
          ChainFault.Kind.UNTRUSTED,
          signed.sequence(),
          signed.sequence(),
          "the checkpoint at record " + signed.sequence() + " is not signed by the agent");
    } else if (signed.sequence() > at.sequence()) {
      fault(
          ChainFault.Kind.TRUNCATED,
          at.sequence() + 1,
          signed.sequence(),
          "the agent signed for record "
              + signed.sequence()
              + " and the records end at "
              + at.sequence());
    } else if (signed.sequence() == at.sequence()) {
      if (signed.hash().equals(at.hash())) {
        agrees(checkpoint, trust);
      } else {
        fault(
            ChainFault.Kind.FORKED,
            Math.min(proven + 1, signed.sequence()),
            signed.sequence(),
            "the agent signed other records up to " + signed.sequence());
      }
    }
  }

  private void agrees(Checkpoint checkpoint, Trust trust) {
    claimed = at.sequence();
    if (trust == Trust.SIGNED) {
      proven = at.sequence();
      return;
    }
    fault(
        ChainFault.Kind.WRONG_CLOCK,
        at.sequence(),
        at.sequence(),
        "record %d was signed at %s by the agent's clock, when its certificate was not valid"
            .formatted(at.sequence(), checkpoint.time()));
  }

  /// All records were fed.
  ///
  /// @param end the last sequence number that is known to have been stored; 0 when not known
  /// @return every fault, in the order in which it was found
  public List<ChainFault> finish(long end) {
    if (end > at.sequence()) {
      missing(at.sequence() + 1, end);
    }
    return List.copyOf(faults);
  }

  /// Where it is.
  public ChainLink at() {
    return at;
  }

  /// How many records were fed.
  public long checked() {
    return checked;
  }

  /// The last sequence number for which the agent's signature stands.
  public long proven() {
    return proven;
  }

  /// The same, also where the agent's clock was wrong when it signed.
  public long claimed() {
    return claimed;
  }

  private void missing(long first, long last) {
    String message =
        first == last
            ? "record " + first + " is missing"
            : "records " + first + " to " + last + " are missing";
    fault(ChainFault.Kind.MISSING, first, last, message);
  }

  private void fault(ChainFault.Kind kind, long first, long last, String message) {
    faults.add(new ChainFault(kind, at.chain(), first, last, message));
  }
}
