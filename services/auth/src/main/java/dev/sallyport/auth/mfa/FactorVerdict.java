package dev.sallyport.auth.mfa;

import dev.sallyport.auth.state.MfaDeviceRecord;
import dev.sallyport.store.Write;
import java.util.List;
import java.util.Optional;

/// What became of a second factor.
public sealed interface FactorVerdict {
  /// It suffices, once the writes are committed: they use up what is good for one use, and fail if
  /// somebody was faster.
  ///
  /// @param device empty when none was asked for
  record Proven(Optional<MfaDeviceRecord> device, List<Write> writes) implements FactorVerdict {
    /// Copies.
    public Proven {
      writes = List.copyOf(writes);
    }
  }

  /// It does not.
  ///
  /// @param reason for the log alone
  record Refused(String reason) implements FactorVerdict {}
}
