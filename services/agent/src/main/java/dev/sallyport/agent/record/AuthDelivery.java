package dev.sallyport.agent.record;

import dev.sallyport.audit.journal.ChainRun;
import dev.sallyport.audit.journal.JournalDelivery;
import dev.sallyport.control.ControlClient;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.JournalBatch;

/// Takes runs of the journal to Auth.
public final class AuthDelivery implements JournalDelivery {
  private final ControlClient control;

  /// @param control the agent's way to Auth
  public AuthDelivery(ControlClient control) {
    this.control = control;
  }

  @Override
  public long deliver(ChainRun run) throws ChainRefused {
    var chain = run.start().chain();
    var batch =
        new JournalBatch(
            chain.agent(),
            chain.epoch(),
            run.start().sequence() + 1,
            run.start().hash().hex(),
            run.records(),
            run.head().hash().hex(),
            run.checkpoints());
    try {
      return control.journal(batch).stored();
    } catch (ControlException e) {
      if (e.kind() == ErrorKind.COMPARE_FAILED) {
        throw new ChainRefused(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }
}
