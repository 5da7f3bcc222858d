package dev.sallyport.tsh.localproxy;

import dev.sallyport.control.Backoff;
import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.channel.Channel;

/// What came of one try to reach the database.
public sealed interface DialOutcome {
  /// A connection that is ready.
  ///
  /// @param credential what it was opened with; connections of an older one are retired
  record Connected(Channel channel, Object credential) implements DialOutcome {}

  /// No connection, and what to tell those who wait for one.
  record Rejected(DynamoDbError answer, Pace pace) implements DialOutcome {}

  /// How soon it is worth to try again.
  enum Pace {
    /// The cause lies in something that a person changes (a login, a role): each new request may
    /// ask again.
    AT_ONCE,
    /// A part is missing or busy: tries are spaced by {@link Backoff}.
    BACK_OFF
  }
}
