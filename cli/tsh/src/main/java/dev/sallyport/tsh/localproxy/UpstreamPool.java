package dev.sallyport.tsh.localproxy;

import dev.sallyport.control.Backoff;
import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The upstream connections of one tunnel, shared by all its clients.
///
/// An exchange borrows a connection and the connection gives itself back. Spare ones are opened
/// ahead, so that a new client pays no handshake; idle ones end before the agent would end them, so
/// that no request races a close. When a connection can't be opened, whoever waits hears why, and
/// tries are spaced by {@link Backoff}. Every method must be called on the loop.
final class UpstreamPool {
  static final Duration RETRY_FIRST = Duration.ofMillis(50);
  static final Duration RETRY_LONGEST = Duration.ofSeconds(1);
  private static final long SPARE_PAUSE_NANOS = RETRY_LONGEST.toNanos();

  private final EventLoop loop;
  private final UpstreamDialer dialer;
  private final LocalProxyLimits limits;
  private final Backoff backoff;
  private final ArrayDeque<UpstreamConnection> idle = new ArrayDeque<>();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private final Set<UpstreamConnection> open = new HashSet<>();
  private int dialing;
  private boolean failing;
  private boolean pausing;
  private long sparesNotBefore;
  private boolean closed;
  private @Nullable Object credential;

  /// Somebody who needs a connection.
  interface Waiter {
    void ready(UpstreamConnection connection);

    void failed(DynamoDbError answer);
  }

  private record Waiting(Waiter waiter, ScheduledFuture<?> deadline) {}

  UpstreamPool(
      EventLoop loop, UpstreamDialer dialer, LocalProxyLimits limits, RandomGenerator random) {
    this.loop = loop;
    this.dialer = dialer;
    this.limits = limits;
    this.backoff = backoff(random);
    this.sparesNotBefore = System.nanoTime();
  }

  /// The pauses between tries that fail.
  static Backoff backoff(RandomGenerator random) {
    return new Backoff(RETRY_FIRST, RETRY_LONGEST, random);
  }

  /// Hands out a connection, now or later; or says why there is none.
  void acquire(Waiter waiter) {
    if (closed) {
      waiter.failed(DynamoDbError.unavailable("the tunnel is being closed"));
      return;
    }
    for (var ready = idle.pollLast(); ready != null; ready = idle.pollLast()) {
      if (ready.usable()) {
        waiter.ready(ready);
        fill();
        return;
      }
    }
    if (waiting.size() >= limits.waitingRequests()) {
      waiter.failed(
          DynamoDbError.throttling("too many requests wait for this tunnel; try again later"));
      return;
    }
    var patience = limits.waitForConnection();
    var deadline = loop.schedule(() -> giveUp(waiter), patience.toNanos(), TimeUnit.NANOSECONDS);
    waiting.addLast(new Waiting(waiter, deadline));
    fill();
  }

  /// The waiter needs none any more.
  void cancel(Waiter waiter) {
    waiting.removeIf(entry -> {
      var same = entry.waiter().equals(waiter);
      if (same) {
        entry.deadline().cancel(false);
      }
      return same;
    });
  }

  /// Takes back a connection whose exchange is over.
  void release(UpstreamConnection connection) {
    if (closed || !connection.usable() || outdated(connection)) {
      connection.close();
      return;
    }
    var next = nextWaiter();
    if (next != null) {
      next.ready(connection);
    } else {
      connection.becomeIdle(System.nanoTime());
      idle.addLast(connection);
    }
  }

  /// What clients are told when the agent refused the tunnel's certificate.
  DynamoDbError refusedByAgent() {
    return dialer.refusedByAgent();
  }

  /// A connection has ended.
  void gone(UpstreamConnection connection) {
    open.remove(connection);
    idle.remove(connection);
    fill();
  }

  /// From now on connections are opened with this credential: idle ones of another are closed, busy
  /// ones end after their current answer.
  void renewed(Object current) {
    credential = current;
    closeIdle(this::outdated);
  }

  /// Connections that are idle since before that instant may be dead without anybody knowing: they
  /// are closed rather than to cost a request each.
  void doubt(long nanos) {
    closeIdle(connection -> connection.idleSince() - nanos < 0);
  }

  /// Housekeeping, about once a second.
  void tick() {
    var oldest = System.nanoTime() - limits.idleUpstream().toNanos();
    closeIdle(connection -> connection.idleSince() - oldest < 0);
  }

  void close() {
    closed = true;
    for (var connection : List.copyOf(open)) {
      connection.close();
    }
    failAll(DynamoDbError.unavailable("the tunnel is being closed"));
  }

  int idleConnections() {
    return idle.size();
  }

  /// A connection that is being closed looks alive until TLS has said its last word: whoever got it
  /// would lose a request.
  private void closeIdle(Predicate<UpstreamConnection> which) {
    for (var connection : List.copyOf(idle)) {
      if (which.test(connection)) {
        idle.remove(connection);
        connection.close();
      }
    }
    fill();
  }

  private boolean outdated(UpstreamConnection connection) {
    return credential != null && !connection.credential().equals(credential);
  }

  private void fill() {
    if (closed || pausing) {
      return;
    }
    var now = System.nanoTime();
    var spares =
        now - sparesNotBefore < 0 ? 0 : Math.max(0, limits.spareConnections() - idle.size());
    var wanted = waiting.size() + spares - dialing;
    var atOnce = failing ? 1 : limits.parallelDials();
    while (wanted > 0 && dialing < atOnce && open.size() + dialing < limits.upstreamConnections()) {
      wanted--;
      dial();
    }
  }

  private void dial() {
    dialing++;
    // Always as a task of its own: an answer at once must not run inside the caller's state change.
    dialer
        .dial(loop)
        .addListener((Future<DialOutcome> future) ->
            loop.execute(
                () -> dialed(future.isSuccess() ? future.getNow() : unexpected(future.cause()))));
  }

  private static DialOutcome unexpected(Throwable cause) {
    return new DialOutcome.Rejected(
        DynamoDbError.unavailable("the database cannot be reached: " + cause),
        DialOutcome.Pace.BACK_OFF);
  }

  private void dialed(DialOutcome outcome) {
    dialing--;
    switch (outcome) {
      case DialOutcome.Connected connected -> connected(connected);
      case DialOutcome.Rejected rejected -> rejected(rejected);
    }
  }

  private void connected(DialOutcome.Connected outcome) {
    failing = false;
    backoff.reset();
    if (closed) {
      outcome.channel().close();
      return;
    }
    var connection = new UpstreamConnection(outcome.channel(), outcome.credential(), this);
    open.add(connection);
    connection.install();
    if (!connection.usable()) {
      gone(connection);
      return;
    }
    release(connection);
    fill();
  }

  private void rejected(DialOutcome.Rejected outcome) {
    failing = true;
    switch (outcome.pace()) {
      case AT_ONCE -> {
        sparesNotBefore = System.nanoTime() + SPARE_PAUSE_NANOS;
        failAll(outcome.answer());
        fill();
      }
      case BACK_OFF -> {
        pause(backoff.pause());
        var inUse = open.size() - idle.size();
        if (outcome.answer().status() == LocalAnswers.UNAVAILABLE || inUse + dialing == 0) {
          failAll(outcome.answer());
        }
      }
    }
  }

  private void pause(Duration pause) {
    if (pausing) {
      return;
    }
    pausing = true;
    loop.schedule(
        () -> {
          pausing = false;
          fill();
        },
        pause.toNanos(),
        TimeUnit.NANOSECONDS);
  }

  private void giveUp(Waiter waiter) {
    if (waiting.removeIf(entry -> entry.waiter().equals(waiter))) {
      waiter.failed(
          DynamoDbError.throttling(
              "no connection to the database became free within "
                  + limits.waitForConnection().toSeconds()
                  + " seconds"));
    }
  }

  private void failAll(DynamoDbError answer) {
    var all = new ArrayList<>(waiting);
    waiting.clear();
    for (var entry : all) {
      entry.deadline().cancel(false);
      entry.waiter().failed(answer);
    }
  }

  private @Nullable Waiter nextWaiter() {
    var entry = waiting.pollFirst();
    if (entry == null) {
      return null;
    }
    entry.deadline().cancel(false);
    return entry.waiter();
  }
}
