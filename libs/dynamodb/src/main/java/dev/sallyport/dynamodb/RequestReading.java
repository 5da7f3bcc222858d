package dev.sallyport.dynamodb;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/// What became of reading a request's body: a [RequestSummary], or [Ambiguous], or [Unreadable].
/// Whoever wants tables to decide by has to tell the three apart, or the code does not compile: a
/// rule that reads bodies says no to the second.
public sealed interface RequestReading
    permits RequestSummary, RequestReading.Ambiguous, RequestReading.Unreadable {

  /// Two parsers may read the body in two ways: a field stands twice, or is ours but for upper and
  /// lower case. It may be forwarded, since it has an answer of DynamoDB, and where no rule depends
  /// on it.
  ///
  /// @param operation what it does, which the body does not say
  /// @param seen tables that stand in it, for the record alone: there may be others
  record Ambiguous(Operation operation, Set<TableRef> seen) implements RequestReading {
    /// Copies the set, keeping its order.
    public Ambiguous {
      seen = Collections.unmodifiableSet(new LinkedHashSet<>(seen));
    }
  }

  /// The body must not be forwarded: it is no JSON object, or goes beyond a limit.
  ///
  /// @param reason what is wrong and where; holds nothing of the body's content
  record Unreadable(String reason) implements RequestReading {}
}
