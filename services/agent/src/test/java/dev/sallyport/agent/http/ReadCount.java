package dev.sallyport.agent.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;

/// Counts how often a handler behind it asked for bytes.
final class ReadCount extends ChannelOutboundHandlerAdapter {
  int count;

  @Override
  public void read(ChannelHandlerContext ctx) {
    count++;
    ctx.read();
  }
}
