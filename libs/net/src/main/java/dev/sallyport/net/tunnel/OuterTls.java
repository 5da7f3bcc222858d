package dev.sallyport.net.tunnel;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;

/// What becomes of the outer TLS of both legs once the agent accepted.
public enum OuterTls {
  /// Both ends of a leg take it off in lock step; the inner TLS goes on over plain TCP.
  STRIP,
  /// It stays, and the Proxy decrypts and encrypts every byte again.
  KEEP;

  /// What our parts do: docs/adr/0002-outer-tls-ends-after-accept.md. Both ends must agree.
  public static final OuterTls DECIDED = STRIP;

  /// Takes the outer TLS off a channel, or leaves it. To be called on the channel's loop when the
  /// last encrypted frame was written and nothing is on its way, with auto-read off.
  void applyTo(Channel channel) {
    switch (this) {
      case STRIP -> {
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls != null) {
          channel.pipeline().remove(tls);
        }
      }
      case KEEP -> {}
    }
  }
}
