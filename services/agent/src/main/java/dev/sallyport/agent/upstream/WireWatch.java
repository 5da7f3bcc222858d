package dev.sallyport.agent.upstream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/// Sits next to the socket and knows whether anything of the current request was handed to it while
/// it was open. If not, nothing reached AWS, whatever went wrong above.
final class WireWatch extends ChannelOutboundHandlerAdapter {
  private boolean touched;
  private long writes;

  void reset() {
    touched = false;
  }

  /// A number that changes as long as bytes leave, be they many or a few.
  long progress(Channel channel) {
    var waiting = channel.unsafe().outboundBuffer();
    return (writes << 32) + (waiting == null ? 0 : waiting.totalPendingWriteBytes());
  }

  boolean touched() {
    return touched;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    writes++;
    touched |= ctx.channel().isActive();
    ctx.write(message, promise);
  }
}
