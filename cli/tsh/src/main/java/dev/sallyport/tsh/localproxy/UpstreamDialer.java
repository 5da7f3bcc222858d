package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;

/// Opens connections towards the database, one at each call, ready for HTTP.
public interface UpstreamDialer {
  /// Starts opening one connection.
  ///
  /// The answer never fails: what went wrong is a {@link DialOutcome.Rejected}. The channel of a
  /// {@link DialOutcome.Connected} is registered with `loop`, is open, carries plain HTTP bytes at
  /// the end of its pipeline, and belongs to the caller. Called on the loop, must not block it.
  Future<DialOutcome> dial(EventLoop loop);

  /// What clients are told when the agent refused the certificate of a connection that was opened
  /// already. Called on the loop, must not block it.
  default DynamoDbError refusedByAgent() {
    return DynamoDbError.accessDenied(
        "the database's agent does not accept this tunnel's certificate; sign in again with tsh"
            + " login, and if that does not help, check the clocks of both machines");
  }
}
