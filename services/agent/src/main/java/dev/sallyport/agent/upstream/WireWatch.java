package dev.sallyport.agent.upstream;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/// Sits next to the socket and knows whether anything of the current request was handed to it while
/// it was open. If not, nothing reached AWS, whatever went wrong above.
final class WireWatch extends ChannelOutboundHandlerAdapter {
  private boolean touched;

  void reset() {
    touched = false;
  }

  boolean touched() {
    return touched;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    touched |= ctx.channel().isActive();
    ctx.write(message, promise);
  }
}
