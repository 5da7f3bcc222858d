package dev.sallyport.agent.upstream;

import dev.sallyport.agent.aws.AwsClock;
import dev.sallyport.agent.signing.Destination;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop. Touched by that loop alone.
final class LoopPool {
  private static final int MAX_ATTEMPTS = 4;

  /// Opens connections.
  interface Dialer {
    /// @param ready told on the loop, with null once the connection is open, else with the failure
    void dial(EventLoop loop, UpstreamConnection connection, Consumer<@Nullable Throwable> ready);
  }

  private final EventLoop loop;
  private final Dialer dialer;
  private final UpstreamLimits limits;
  private final AwsClock clock;
  private final Map<Destination, ArrayDeque<UpstreamConnection>> idle = new HashMap<>();
  private boolean closed;

  LoopPool(EventLoop loop, Dialer dialer, UpstreamLimits limits, AwsClock clock) {
    this.loop = loop;
    this.dialer = dialer;
    this.limits = limits;
    this.clock = clock;
    long every = Math.max(1, limits.idle().toMillis() / 4);
    loop.scheduleAtFixedRate(this::closeIdle, every, every, TimeUnit.MILLISECONDS);
  }

  /// Sends on a kept connection, else on a new one. The newest kept one is the likeliest to live.
  void send(Exchange exchange) {
    var destination = exchange.request().destination();
    if (closed || exchange.nextAttempt() > MAX_ATTEMPTS) {
      exchange.fail(
          UpstreamFailure.notSent(destination + ": connections end before they are used"));
      return;
    }
    var kept = idle.get(destination);
    while (kept != null && !kept.isEmpty()) {
      var connection = kept.pollLast();
      if (connection.usable()) {
        connection.send(exchange);
        return;
      }
      connection.close();
    }
    var connection = new UpstreamConnection(this, destination, limits);
    dialer.dial(
        loop,
        connection,
        failure -> {
          if (failure == null) {
            connection.send(exchange);
          } else {
            connection.close();
            exchange.fail(UpstreamFailure.notSent(destination + " cannot be reached: " + failure));
          }
        });
  }

  /// What time it is, here and at AWS.
  AwsClock clock() {
    return clock;
  }

  void keep(UpstreamConnection connection) {
    var kept = idle.computeIfAbsent(connection.destination(), _ -> new ArrayDeque<>());
    if (closed || kept.size() >= limits.kept()) {
      connection.close();
    } else {
      kept.addLast(connection);
      connection.readMore();
    }
  }

  void forget(UpstreamConnection connection) {
    idle.values().forEach(kept -> kept.remove(connection));
  }

  void close() {
    closed = true;
    idle.values().forEach(kept -> kept.forEach(UpstreamConnection::close));
    idle.clear();
  }

  private void closeIdle() {
    long now = System.nanoTime();
    for (var kept : idle.values()) {
      while (!kept.isEmpty() && now - kept.peekFirst().idleSince() > limits.idle().toNanos()) {
        kept.pollFirst().close();
      }
    }
  }
}
