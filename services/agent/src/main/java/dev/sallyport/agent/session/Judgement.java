package dev.sallyport.agent.session;

import dev.sallyport.policy.Denial;
import dev.sallyport.policy.Permit;

/// What came of judging.
sealed interface Judgement {
  /// It may go on.
  record Allowed(Permit permit) implements Judgement {}

  /// It may not.
  record Refused(Denial denial) implements Judgement {}

  /// The agent's picture of the cluster is too old to judge by.
  record Stale() implements Judgement {}
}
