package dev.sallyport.proxy.front;

import dev.sallyport.control.admission.AddressCounts;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.net.ClientHello;
import dev.sallyport.net.ClientHelloRouter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// The first thing a connection meets: limits by address and in all, before a byte is read. Then
/// its ClientHello decides.
@Sharable
final class Gate extends ChannelInitializer<Channel> {
  /// How many connections are open at once, of all kinds.
  static final int CONNECTIONS_MAX = 20_000;

  private final AddressLimiter handshakes;
  private final AddressCounts counts;
  private final ChannelGroup open;
  private final LongAdder turnedAway = new LongAdder();
  private final Function<ClientHello, Optional<ChannelHandler>> doors;

  Gate(
      AddressLimiter handshakes,
      AddressCounts counts,
      ChannelGroup open,
      Function<ClientHello, Optional<ChannelHandler>> doors) {
    this.handshakes = handshakes;
    this.counts = counts;
    this.open = open;
    this.doors = doors;
  }

  /// How many connections were over a limit.
  long turnedAway() {
    return turnedAway.sum();
  }

  @Override
  protected void initChannel(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress peer)
        || open.size() >= CONNECTIONS_MAX
        || !handshakes.tryAcquire(peer.getAddress())
        || !counts.open(peer.getAddress())) {
      turnedAway.increment();
      channel.close();
      return;
    }
    channel.closeFuture().addListener(_ -> counts.closed(peer.getAddress()));
    open.add(channel);
    channel.pipeline().addLast(new ClientHelloRouter(doors));
  }
}
