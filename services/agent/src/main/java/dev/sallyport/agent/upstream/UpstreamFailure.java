package dev.sallyport.agent.upstream;

/// Why there is no whole answer.
///
/// @param reason for the log and the record; names the destination, holds nothing of the request
public record UpstreamFailure(Kind kind, String reason) {
  /// What is known of the request.
  public enum Kind {
    /// Not a byte of it reached AWS: it may be tried again.
    NOT_SENT,
    /// It may have reached AWS, and nobody knows what became of it.
    UNKNOWN_OUTCOME
  }

  static UpstreamFailure notSent(String reason) {
    return new UpstreamFailure(Kind.NOT_SENT, reason);
  }

  static UpstreamFailure unknown(String reason) {
    return new UpstreamFailure(Kind.UNKNOWN_OUTCOME, reason);
  }
}
