package dev.sallyport.dynamodb;

/// What became of reading a request's body: a [RequestSummary], or [Unreadable].
public sealed interface RequestReading permits RequestSummary, RequestReading.Unreadable {

  /// The body must not be forwarded: it is no JSON object, goes beyond a limit, or might be read in
  /// two ways.
  ///
  /// @param reason what is wrong and where; holds nothing of the body's content
  record Unreadable(String reason) implements RequestReading {}
}
