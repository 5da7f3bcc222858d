package dev.sallyport.net.tunnel;

import io.netty.channel.Channel;

/// What came of dialing an agent through the Proxy.
public sealed interface DialResult {
  /// An agent is at the other end. The pipeline ends with the inner TLS, done with its handshake,
  /// and [dev.sallyport.net.TlsEnd]: an answer that is cut comes as its exception. The channel
  /// belongs to whoever dialed.
  record Connected(Channel channel) implements DialResult {}

  /// The Proxy answered with something else than ok.
  ///
  /// @param message one sentence for the user
  record Refused(StatusCode code, String message) implements DialResult {}

  /// No answer: unreachable, TLS refused by either side, or too slow.
  record Failed(Throwable cause) implements DialResult {}
}
