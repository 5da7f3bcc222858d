package dev.sallyport.net.tunnel;

import io.netty.channel.Channel;

/// What came of asking an agent to take a connection.
public sealed interface OpenResult {
  /// An agent took it. The channel carries only bytes from here on, has auto-read off, and belongs
  /// to whoever asked; [Junction] joins it to the client's.
  record Opened(Channel channel) implements OpenResult {}

  /// The agent refused; its reason is meant for the user.
  record Refused(String reason) implements OpenResult {}

  /// The agent can't take it now; its reason is meant for the user, who may try again.
  record NotNow(String reason) implements OpenResult {}

  /// The agent is not connected, or did not answer.
  record NoAgent() implements OpenResult {}

  /// The agent is connected, and had no connection free in time, or too many wait already.
  record Busy() implements OpenResult {}
}
