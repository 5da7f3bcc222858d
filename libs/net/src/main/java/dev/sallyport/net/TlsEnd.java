package dev.sallyport.net;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;

/// Tells the two ends of a TLS connection apart; belongs right behind the handler of the inner TLS,
/// at both ends. One per channel.
///
/// - The peer's close_notify: nobody half-closes inside TLS, so the channel closes at once, and the
///   answering close_notify leaves (the JDK's engine alone would keep its side open).
/// - An end without close_notify that this side did not ask for: [Cut] comes as an exception,
///   before the channel becomes inactive, so that nobody takes a cut message for a whole one.
public final class TlsEnd extends ChannelDuplexHandler {
  private boolean closing;

  /// The connection ended in the middle.
  public static final class Cut extends IOException {
    Cut() {
      super("the TLS connection was cut: it ended without close_notify");
    }
  }

  @Override
  public void close(ChannelHandlerContext here, ChannelPromise promise) {
    closing = true;
    here.close(promise);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext here, Object event) {
    here.fireUserEventTriggered(event);
    if (closing || !(event instanceof SslCloseCompletionEvent end)) {
      return;
    }
    if (end.isSuccess()) {
      closing = true;
      here.close();
    } else {
      here.fireExceptionCaught(new Cut());
    }
  }
}
