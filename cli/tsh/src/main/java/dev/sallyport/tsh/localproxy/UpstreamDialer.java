package dev.sallyport.tsh.localproxy;

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
}
