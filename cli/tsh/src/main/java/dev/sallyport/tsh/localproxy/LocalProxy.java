package dev.sallyport.tsh.localproxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// A DynamoDB endpoint on loopback, behind which the tunnel is.
///
/// ```
///  client ──HTTP/1.1──▶ RequestDecoder ─▶ ClientConnection ─▶ Exchange ─▶ UpstreamPool ─▶ dialer
///                        framing           guard, order        one request   connections
/// ```
///
/// Open it with {@link #open}; any thread may call its methods; closing it ends every connection.
public final class LocalProxy implements AutoCloseable {
  private static final int LISTEN_BACKLOG = 512;

  private final EventLoop loop;
  private static final long DRAIN_LOOK_MILLIS = 10;

  private final Channel listener;
  private final Front front;
  private final ScheduledFuture<?> housekeeping;

  /// What all client connections share; lives on the loop.
  record Front(
      RequestGuard guard,
      Optional<SignatureGate> gate,
      HeldBodies bodies,
      UpstreamPool pool,
      LocalProxyLimits limits,
      Set<ClientConnection> connections) {

    Front(
        InetSocketAddress bound, Admission admission, UpstreamPool pool, LocalProxyLimits limits) {
      this(
          new RequestGuard(bound, admission),
          admission.gate(),
          new HeldBodies(LocalProxyLimits.HELD_BYTES_MAX),
          pool,
          limits,
          new HashSet<>());
    }
  }

  /// Where and on what a local proxy runs.
  ///
  /// @param loop carries the listener, its clients and their upstream connections
  /// @param channels the kind of listener that fits the loop
  /// @param address where to listen; port 0 takes a free one
  /// @param admission who is let in
  public record Place(
      EventLoop loop,
      Class<? extends ServerChannel> channels,
      InetSocketAddress address,
      Admission admission) {

    /// Refuses an address that other machines reach, unless that was asked for.
    public Place {
      if (!admission.anywhere() && !address.getAddress().isLoopbackAddress()) {
        throw new IllegalArgumentException(address + " (expected: a loopback address)");
      }
    }
  }

  private LocalProxy(EventLoop loop, Channel listener, Front front) {
    this.loop = loop;
    this.listener = listener;
    this.front = front;
    this.housekeeping = loop.scheduleWithFixedDelay(this::tick, 0, 1, TimeUnit.SECONDS);
  }

  /// Begins to listen, and to open spare connections. Blocks until the port is bound.
  ///
  /// @throws IOException when the address can't be had; the message names it
  public static LocalProxy open(
      Place place, UpstreamDialer dialer, LocalProxyLimits limits, RandomGenerator random)
      throws IOException {
    var pool = new UpstreamPool(place.loop(), dialer, limits, random);
    var clients = new ClientInitializer(pool, limits);
    var bound =
        new ServerBootstrap()
            .group(place.loop())
            .channel(place.channels())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, LISTEN_BACKLOG)
            .option(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(clients)
            .bind(place.address())
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "listen tcp %s:%d: bind: %s"
              .formatted(
                  place.address().getAddress().getHostAddress(),
                  place.address().getPort(),
                  reason(bound.cause())),
          bound.cause());
    }
    var listener = bound.channel();
    var front =
        new Front((InetSocketAddress) listener.localAddress(), place.admission(), pool, limits);
    clients.front = front;
    listener.config().setAutoRead(true);
    return new LocalProxy(place.loop(), listener, front);
  }

  /// Where it listens.
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /// Connections are opened with this credential from now on; those of an older one are retired,
  /// busy ones after their current answer.
  public void renewed(Object credential) {
    loop.execute(() -> front.pool().renewed(credential));
  }

  /// Idle upstream connections, for those who watch the pool.
  public int idleUpstreamConnections() {
    return loop.submit(() -> front.pool().idleConnections()).syncUninterruptibly().getNow();
  }

  /// Takes no more connections, and lets requests that are here or coming in be answered. Blocks,
  /// for so long at most; closing cuts off what is left.
  ///
  /// @return whether nothing is left
  public boolean drain(Duration limit) {
    listener.close();
    var idle = new CountDownLatch(1);
    loop.execute(() -> {
      List.copyOf(front.connections()).forEach(ClientConnection::drain);
      lookIdle(idle);
    });
    try {
      return idle.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void lookIdle(CountDownLatch idle) {
    if (front.connections().stream().allMatch(ClientConnection::isIdle)) {
      idle.countDown();
    } else if (!loop.isShuttingDown()) {
      loop.schedule(() -> lookIdle(idle), DRAIN_LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    listener.close();
    loop.execute(() -> {
      housekeeping.cancel(false);
      List.copyOf(front.connections()).forEach(ClientConnection::close);
      front.pool().close();
    });
  }

  private void tick() {
    var now = System.nanoTime();
    List.copyOf(front.connections()).forEach(connection -> connection.checkProgress(now));
    front.pool().tick();
  }

  private static String reason(Throwable cause) {
    var text = String.valueOf(cause.getMessage());
    return text.contains("in use") ? "address already in use" : text;
  }

  private static final class ClientInitializer extends ChannelInitializer<Channel> {
    private volatile Front front;

    ClientInitializer(UpstreamPool pool, LocalProxyLimits limits) {
      // Replaced before the first connection is taken: the port must be known for the guard.
      this.front = new Front(new InetSocketAddress(0), Admission.standard(), pool, limits);
    }

    @Override
    protected void initChannel(Channel channel) {
      var decoder = new RequestDecoder();
      channel.pipeline().addLast(decoder, new ClientConnection(front, decoder));
    }
  }
}
