package dev.sallyport.net.tunnel;

import dev.sallyport.net.NetRuntime;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The agent's end: keeps connections parked at one Proxy and hands each that is opened to the
/// [OpenHandler].
///
/// The pool holds between `poolMin` and `poolMax` parked or coming connections and follows demand:
/// a taken one is replaced at once, the number that the Proxy says is waiting is added at once, and
/// what quiet times do not need is given up by halves. Refused connects are tried again after a
/// pause that doubles from 50 ms to one second with jitter, one at a time, so that a returning
/// Proxy is found within a second and not stormed.
///
/// Its state lives on one event loop; the public methods may be called from any thread. Whoever
/// starts it closes it; connections that were handed over stay with their new owner.
public final class TunnelClient implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofMillis(50);

  /// How many more than wanted are coming while parked ones are replaced.
  private static final int REPLACED_AT_ONCE = 4;

  /// A connection that is lost sooner than this counts as a failed attempt.
  private static final Duration SHORT_LIFE = Duration.ofSeconds(1);

  /// What to keep where.
  ///
  /// @param proxy where the Proxy is; asked for each connection
  /// @param hello the payload of HELLO
  /// @param poolMin connections that are always kept parked
  /// @param poolMax the most that are ever parked or coming
  @SuppressWarnings("ArrayRecordComponent")
  public record Settings(
      Supplier<TunnelDialer.Address> proxy, byte[] hello, int poolMin, int poolMax) {
    /// A Proxy that is always at the same place.
    public Settings(String host, int port, byte[] hello, int poolMin, int poolMax) {
      this(() -> new TunnelDialer.Address(host, port), hello, poolMin, poolMax);
    }

    /// Checks the bounds.
    public Settings {
      if (poolMin < 1 || poolMax < poolMin) {
        throw new IllegalArgumentException(
            "pool: " + poolMin + " to " + poolMax + " (expected: 1 <= min <= max)");
      }
    }
  }

  private final NetRuntime runtime;
  private final Supplier<SslContext> tls;
  private final Settings settings;
  private final OpenHandler opens;
  private final TunnelEvents events;
  private final Policy policy;
  private final EventLoop home;

  // Touched by `home` alone, but for reading the count.
  private final ArrayDeque<Parked> parked = new ArrayDeque<>();
  private volatile int parkedCount;
  private final Set<AgentConnection> coming = new HashSet<>();
  private final Set<AgentConnection> stale = new HashSet<>();
  private int target;
  private int failures;
  private boolean retryPlanned;
  private boolean demandSeen;
  private boolean closed;
  private @Nullable ScheduledFuture<?> adjusting;

  /// When and how.
  ///
  /// @param timings how long to wait for the Proxy
  /// @param outer what becomes of the outer TLS; both ends must agree
  /// @param random spreads the tries to come back; used on one event loop
  public record Policy(TunnelTimings timings, OuterTls outer, RandomGenerator random) {
    /// That of every agent.
    public static Policy standard(RandomGenerator random) {
      return new Policy(TunnelTimings.DEFAULT, OuterTls.DECIDED, random);
    }
  }

  private record Parked(AgentConnection connection, long sinceNanos) {}

  /// A client that is not started yet. The supplier is asked for each connection, so that a renewed
  /// certificate is used at once.
  public TunnelClient(
      NetRuntime runtime,
      Supplier<SslContext> tls,
      Settings settings,
      OpenHandler opens,
      TunnelEvents events,
      Policy policy) {
    this.runtime = runtime;
    this.tls = tls;
    this.settings = settings;
    this.opens = opens;
    this.events = events;
    this.policy = policy;
    this.home = runtime.loops().next();
    this.target = settings.poolMin();
  }

  /// Begins to connect; returns at once.
  public void start() {
    home.execute(() -> {
      long every = policy.timings().adjustEvery().toMillis();
      adjusting = home.scheduleAtFixedRate(this::adjust, every, every, TimeUnit.MILLISECONDS);
      fill();
    });
  }

  /// How many connections are parked now.
  public int parked() {
    return parkedCount;
  }

  /// Replaces the connections that are parked or coming by new ones, which ask for their TLS anew:
  /// the certificate was renewed. Each goes when its successor is parked, so that some are always
  /// there. Returns at once.
  public void refresh() {
    home.execute(() -> {
      if (!closed) {
        parked.forEach(one -> stale.add(one.connection()));
        stale.addAll(coming);
        fill();
      }
    });
  }

  /// Closes the parked connections and makes no more; returns at once.
  @Override
  public void close() {
    if (home.isShuttingDown()) {
      return;
    }
    home.execute(() -> {
      closed = true;
      if (adjusting != null) {
        adjusting.cancel(false);
      }
      parked.forEach(one -> one.connection().retire());
      coming.forEach(AgentConnection::retire);
    });
  }

  private void fill() {
    int replaced = 0;
    for (var one : parked) {
      if (replaced < REPLACED_AT_ONCE && stale.contains(one.connection())) {
        replaced++;
      }
    }
    int missing = target + replaced - parked.size() - coming.size();
    boolean oneMayTry = coming.isEmpty() && !retryPlanned;
    int now = failures == 0 ? missing : Math.min(missing, oneMayTry ? 1 : 0);
    for (int i = 0; i < now && !closed; i++) {
      connect();
    }
  }

  private void connect() {
    var connection =
        new AgentConnection(
            new HomeBound(), settings.hello(), opens, policy.timings(), policy.outer());
    coming.add(connection);
    SslContext context;
    TunnelDialer.Address proxy;
    try {
      context = tls.get();
      proxy = settings.proxy().get();
    } catch (RuntimeException e) {
      gone(connection, e);
      return;
    }
    runtime
        .client()
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        context.newHandler(channel.alloc(), proxy.host(), proxy.port()),
                        new FrameCodec(),
                        connection);
              }
            })
        .connect(proxy.host(), proxy.port())
        .addListener((ChannelFuture done) -> {
          if (!done.isSuccess()) {
            home.execute(() -> gone(connection, done.cause()));
          }
        });
  }

  private void arrived(AgentConnection connection, byte[] answer) {
    if (!coming.remove(connection)) {
      return;
    }
    parked.addLast(new Parked(connection, System.nanoTime()));
    if (!stale.contains(connection)) {
      retireOneStale();
    }
    count();
    if (closed) {
      connection.retire();
      return;
    }
    events.parked(answer);
    failures = 0;
    fill();
  }

  private void retireOneStale() {
    for (var one : parked) {
      if (stale.remove(one.connection())) {
        parked.remove(one);
        one.connection().retire();
        return;
      }
    }
  }

  private void taken(AgentConnection connection, int wanted) {
    stale.remove(connection);
    forget(connection);
    demandSeen = true;
    int spare = wanted > 0 || parked.isEmpty() ? target + 1 : target;
    target =
        Math.clamp(
            Math.max(spare, settings.poolMin() + wanted), settings.poolMin(), settings.poolMax());
    fill();
  }

  private void gone(AgentConnection connection, Throwable cause) {
    stale.remove(connection);
    var was = forget(connection);
    if (was == null && !coming.remove(connection)) {
      return;
    }
    boolean livedLong = was != null && System.nanoTime() - was.sinceNanos() >= SHORT_LIFE.toNanos();
    if (closed) {
      return;
    }
    events.lost(cause);
    if (livedLong && failures == 0) {
      fill();
      return;
    }
    failures++;
    retryLater();
  }

  private void retryLater() {
    if (retryPlanned) {
      return;
    }
    retryPlanned = true;
    long pause = pauseMillis(failures, policy.timings().retryAtMost(), policy.random());
    home.schedule(
        () -> {
          retryPlanned = false;
          fill();
        },
        pause,
        TimeUnit.MILLISECONDS);
  }

  /// How long to wait after so many failures: between half and the whole of a step that doubles, so
  /// that agents which lost their Proxy in the same instant do not come back in step.
  static long pauseMillis(int failures, Duration longest, RandomGenerator random) {
    long step = Math.min(longest.toMillis(), FIRST_RETRY.toMillis() << Math.min(failures - 1, 10));
    return step / 2 + random.nextLong(step / 2 + 1);
  }

  /// Gives up half of what the last period did not ask for, oldest first.
  private void adjust() {
    if (!demandSeen) {
      target = Math.max(settings.poolMin(), target - (target - settings.poolMin() + 1) / 2);
      int surplus = parked.size() - target;
      for (int i = 0; i < surplus; i++) {
        parked.removeFirst().connection().retire();
      }
      count();
    }
    demandSeen = false;
  }

  private @Nullable Parked forget(AgentConnection connection) {
    for (var one : parked) {
      if (one.connection() == connection) {
        parked.remove(one);
        count();
        return one;
      }
    }
    return null;
  }

  private void count() {
    parkedCount = parked.size();
  }

  /// Brings what happens on the channels' loops home.
  private final class HomeBound implements AgentConnection.Pool {
    @Override
    public void parked(AgentConnection connection, byte[] answer) {
      home.execute(() -> arrived(connection, answer));
    }

    @Override
    public void taken(AgentConnection connection, int wanted) {
      home.execute(() -> TunnelClient.this.taken(connection, wanted));
    }

    @Override
    public void ended(AgentConnection connection, Throwable cause) {
      home.execute(() -> gone(connection, cause));
    }
  }
}
