package dev.sallyport.agent.http;

/// A request that was not taken. Nothing more is read from its connection, which must be closed
/// after the answer.
///
/// @param kind what to answer
/// @param detail what was wrong, in words for the client; holds no byte of the request
public record RequestFault(Kind kind, String detail) implements Inbound {
  /// The kinds of faults that an answer tells apart.
  public enum Kind {
    /// Not HTTP/1.1 as RFC 9112 has it, or a form that two parsers could read differently.
    MALFORMED,
    /// The request line and headers are longer than the agent takes.
    HEAD_TOO_LARGE,
    /// The body is longer than DynamoDB would ever take.
    BODY_TOO_LARGE,
    /// An `Expect` that is not `100-continue`.
    EXPECTATION_FAILED,
    /// No memory for the body within the time that a request may wait.
    BUSY,
    /// The client took too long to send it.
    TOO_SLOW
  }
}
