package dev.sallyport.net.tunnel;

import io.netty.channel.Channel;

/// What an agent does with the connections that the Proxy brings. Both methods run on the channel's
/// event loop and must not wait.
public interface OpenHandler {
  /// Decides on the payload of OPEN. An exception counts as a refusal.
  OpenDecision onOpen(byte[] payload);

  /// Owns the channel from here on. It reads nothing until the handlers are there: add them before
  /// returning (first of all the inner TLS and a [dev.sallyport.net.TlsEnd]), then auto-read is
  /// switched on. The next bytes are the inner ClientHello, or anything a stranger wants to try.
  void accepted(Channel channel, byte[] payload);
}
