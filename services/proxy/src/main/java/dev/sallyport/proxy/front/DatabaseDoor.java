package dev.sallyport.proxy.front;

import dev.sallyport.diagnostics.Histograms;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.net.tunnel.ParkedConnections;
import dev.sallyport.net.tunnel.StatusCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// The door of users' database connections: a user certificate with a route, then an agent that
/// serves the database in it.
final class DatabaseDoor implements Supplier<ChannelHandler> {
  private final Supplier<SslContext> tls;
  private final Doorkeeper keeper;
  private final Function<String, Map<String, TargetHealth.Status>> serversOf;
  private final ParkedConnections lot;
  private final RandomGenerator random;
  private final Histograms<StatusCode> opened = new Histograms<>(StatusCode.class);

  DatabaseDoor(
      Supplier<SslContext> tls,
      Doorkeeper keeper,
      Function<String, Map<String, TargetHealth.Status>> serversOf,
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

  /// The hosts that Auth says serve this database, and whether they reach it.
  Map<String, TargetHealth.Status> announcedBy(String database) {
    return serversOf.apply(database);
  }

  /// Those of them that are parked here and not locked: first those that reach the database, last
  /// those that don't, and otherwise in random order.
  List<String> candidates(Map<String, TargetHealth.Status> announced) {
    var here = new ArrayList<>(lot.hosts());
    here.retainAll(announced.keySet());
    here.removeIf(hostId -> keeper.lockout().onAgent(hostId).isPresent());
    Collections.shuffle(here, random);
    here.sort(
        Comparator.comparing(
            hostId -> announced.getOrDefault(hostId, TargetHealth.Status.UNKNOWN)));
    return here;
  }
}
