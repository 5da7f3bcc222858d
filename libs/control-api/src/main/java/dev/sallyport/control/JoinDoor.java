package dev.sallyport.control;

/// Where a host joins: the Proxy's public door or the Auth Service itself. Whoever opened it closes
/// it.
public interface JoinDoor extends AutoCloseable {
  /// What to sign, for a token of method `iam`.
  ///
  /// @throws ControlException if it is refused or there is no answer
  JoinChallenge challenge(JoinChallengeRequest request);

  /// Joins the cluster.
  ///
  /// @throws ControlException if it is refused or there is no answer
  JoinResult join(WebJoinRequest request);

  /// Ends calls that are under way.
  @Override
  void close();
}
