package dev.sallyport.proxy.front;

import dev.sallyport.diagnostics.Histograms;
import dev.sallyport.net.tunnel.ParkedConnections;
import dev.sallyport.net.tunnel.StatusCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The door of users' database connections: a user certificate with a route, then an agent that
/// serves the database in it.
final class DatabaseDoor implements Supplier<ChannelHandler> {
  private final Supplier<SslContext> tls;
  private final Doorkeeper keeper;
  private final Function<String, Set<String>> serversOf;
  private final ParkedConnections lot;
  private final RandomGenerator random;
  private final Histograms<StatusCode> opened = new Histograms<>(StatusCode.class);

  DatabaseDoor(
      Supplier<SslContext> tls,
      Doorkeeper keeper,
      Function<String, Set<String>> serversOf,
      ParkedConnections lot,
      RandomGenerator random) {
    this.tls = tls;
    this.keeper = keeper;
    this.serversOf = serversOf;
    this.lot = lot;
    this.random = random;
  }

  @Override
  public ChannelHandler get() {
    return new ChannelInitializer<Channel>() {
      @Override
      protected void initChannel(Channel channel) {
        channel
            .pipeline()
            .addLast(
                tls.get().newHandler(channel.alloc()),
                new DatabaseConnection(DatabaseDoor.this, lot));
      }
    };
  }

  /// How connections fared here, and how long it took until they knew.
  Histograms<StatusCode> opened() {
    return opened;
  }

  /// What is known of those who come.
  Doorkeeper keeper() {
    return keeper;
  }

  /// The hosts that Auth says serve this database.
  Set<String> announcedBy(String database) {
    return serversOf.apply(database);
  }

  /// Those of them that are parked here and not locked, in random order.
  List<String> candidates(Set<String> announced) {
    var here = new ArrayList<>(lot.hosts());
    here.retainAll(announced);
    here.removeIf(hostId -> keeper.lockout().onAgent(hostId).isPresent());
    Collections.shuffle(here, random);
    return here;
  }
}
