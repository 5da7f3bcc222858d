package dev.sallyport.audit.journal;

/// Takes records to Auth. Blocks.
@FunctionalInterface
public interface JournalDelivery {

  /// Sends a run. Sending one twice does no harm.
  ///
  /// @return the highest sequence number of that chain that Auth has for good
  /// @throws ChainRefused if Auth has other records under these numbers
  /// @throws Exception if Auth did not take it; it will be sent again
  long deliver(ChainRun run) throws Exception;

  /// Auth has another history of this chain than the journal.
  final class ChainRefused extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param reason as Auth said it
    public ChainRefused(String reason) {
      super(reason);
    }
  }
}
