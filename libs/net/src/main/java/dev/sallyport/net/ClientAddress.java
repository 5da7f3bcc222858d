package dev.sallyport.net;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Where the client of a connection is: the other end of it, unless a load balancer that is trusted
/// with that said otherwise before the first byte.
public final class ClientAddress {
  private static final AttributeKey<InetSocketAddress> TOLD =
      AttributeKey.valueOf(ClientAddress.class, "told");

  private ClientAddress() {}

  /// The client's address, for a channel that is connected or was.
  public static SocketAddress of(Channel channel) {
    var told = channel.attr(TOLD).get();
    return told == null ? channel.remoteAddress() : told;
  }

  static void tell(Channel channel, InetSocketAddress client) {
    channel.attr(TOLD).set(client);
  }
}
