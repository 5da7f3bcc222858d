package dev.sallyport.agent.session;

import dev.sallyport.policy.Denial;
import dev.sallyport.policy.MergedOptions;
import dev.sallyport.policy.Permit;
import java.time.Instant;
import java.util.Optional;

/// What came of judging.
sealed interface Judgement {
  /// It may go on.
  ///
  /// @param options what the user's roles ask for, and the cluster with them
  /// @param viewAsOf set when Auth was not heard: until when the picture was sure by which this was
  ///   judged
  record Allowed(Permit permit, MergedOptions options, Optional<Instant> viewAsOf)
      implements Judgement {}

  /// It may not.
  record Refused(Denial denial) implements Judgement {}

  /// It could, but the session is over or one too many.
  record Limited(String reason) implements Judgement {}

  /// The database is not served any more as it was when the connection began.
  record Gone(String reason) implements Judgement {}

  /// It could, and there is no room for it now.
  record Busy(String reason) implements Judgement {}

  /// The agent's picture of the cluster is too old to judge by.
  record Stale() implements Judgement {}
}
