package dev.sallyport.net.tunnel;

/// Whether an agent takes the connection that the Proxy brings.
public sealed interface OpenDecision {
  /// It does; [OpenHandler#accepted] follows.
  record Accepted() implements OpenDecision {}

  /// It does not; the reason reaches the Proxy's log and the user.
  ///
  /// @param reason one sentence for the user
  record Refused(String reason) implements OpenDecision {}
}
