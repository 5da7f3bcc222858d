package dev.sallyport.proxy.front;

import dev.sallyport.control.admission.AddressCounts;
import dev.sallyport.control.admission.AddressLimiter;
import dev.sallyport.model.NetworkRange;
import dev.sallyport.net.ClientHello;
import dev.sallyport.net.ClientHelloRouter;
import dev.sallyport.net.ProxyHeaderReader;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/// The first thing a connection meets: limits by address and in all, before a byte is read. Then
/// its ClientHello decides. A connection of a load balancer counts for the address that its PROXY
/// header tells; nobody else's header is looked at, and is no ClientHello.
@Sharable
final class Gate extends ChannelInitializer<Channel> {
  /// How many connections are open at once, of all kinds.
  static final int CONNECTIONS_MAX = 20_000;

  private final AddressLimiter handshakes;
  private final AddressCounts counts;
  private final List<NetworkRange> balancers;
  private final ChannelGroup open;
  private final LongAdder turnedAway = new LongAdder();
  private final Function<ClientHello, Optional<ChannelHandler>> doors;

  /// @param balancers where load balancers are, whose connections begin with a PROXY header
  Gate(
      AddressLimiter handshakes,
      AddressCounts counts,
      List<NetworkRange> balancers,
      ChannelGroup open,
      Function<ClientHello, Optional<ChannelHandler>> doors) {
    this.handshakes = handshakes;
    this.counts = counts;
    this.balancers = List.copyOf(balancers);
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
        || open.size() >= CONNECTIONS_MAX) {
      turnedAway.increment();
      channel.close();
      return;
    }
    if (balancers.stream().anyMatch(range -> range.contains(peer.getAddress()))) {
      open.add(channel);
      channel.pipeline().addLast(new ProxyHeaderReader(client -> admitted(channel, client)));
      return;
    }
    var router = admitted(channel, peer);
    if (router.isEmpty()) {
      channel.close();
      return;
    }
    open.add(channel);
    channel.pipeline().addLast(router.get());
  }

  /// The same for connections that came through an upgrade at the web door: from this process
  /// alone, with the client's address in a PROXY header. The outer connection was counted already,
  /// and has been at the web door: there is no way back to it.
  ChannelInitializer<Channel> upgraded() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        if (open.size() >= CONNECTIONS_MAX) {
          turnedAway.increment();
          channel.close();
          return;
        }
        open.add(channel);
        channel.pipeline().addLast(new ProxyHeaderReader(_ -> router(Doors.butWeb(doors))));
      }
    };
  }

  private static Optional<ChannelHandler> router(
      Function<ClientHello, Optional<ChannelHandler>> doors) {
    return Optional.of(new ClientHelloRouter(doors));
  }

  /// What a connection meets next whose client is there; nothing if it is over a limit.
  private Optional<ChannelHandler> admitted(Channel channel, InetSocketAddress client) {
    if (!handshakes.tryAcquire(client.getAddress()) || !counts.open(client.getAddress())) {
      turnedAway.increment();
      return Optional.empty();
    }
    channel.closeFuture().addListener(_ -> counts.closed(client.getAddress()));
    return router(doors);
  }
}
