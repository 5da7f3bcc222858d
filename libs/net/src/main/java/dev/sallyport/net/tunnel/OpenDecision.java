package dev.sallyport.net.tunnel;

/// Whether an agent takes the connection that the Proxy brings.
public sealed interface OpenDecision {
  /// It does; [OpenHandler#accepted] follows.
  record Accepted() implements OpenDecision {}

  /// It does not; the reason reaches the Proxy's log and the user.
  ///
  /// @param reason one sentence for the user
  record Refused(String reason) implements OpenDecision {}

  /// It does not now, being at a limit or about to stop; another try may be taken.
  ///
  /// @param reason one sentence for the user
  record NotNow(String reason) implements OpenDecision {}
}
