package dev.sallyport.net.tunnel;

import dev.sallyport.net.NetRuntime;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The Proxy's lot: which agents' connections are parked, and who waits for one.
///
/// An OPEN that is not answered within a second, or whose connection dies, goes to the next parked
/// connection, three times at most. When all of an agent's connections are out, requests wait in a
/// bounded queue for the replacements; each OPEN tells the agent how many wait. An agent whose last
/// parked connection dies is gone at once, and with it its queue; one whose connections were all
/// taken stays for two seconds without a replacement.
///
/// Its state lives on one event loop, so that no loop ever waits for a lock; the public methods may
/// be called from any thread.
public final class ParkedConnections {
  /// How many requests may wait for one agent.
  public static final int DEFAULT_QUEUE_MAX = 256;

  /// How many connections one agent may park.
  static final int PARKED_PER_HOST_MAX = 1024;

  private static final int ATTEMPTS_MAX = 3;

  private final TunnelTimings timings;
  private final int queueMax;
  private final EventLoop keeper;
  private final Map<String, Lot> lots = new HashMap<>();
  private final Map<String, Integer> parkedCounts = new ConcurrentHashMap<>();

  /// What one agent has here. Touched by the keeper alone.
  private static final class Lot {
    final ArrayDeque<ParkedConnection> idle = new ArrayDeque<>();
    final ArrayDeque<Request> queue = new ArrayDeque<>();
    long arrivals;
  }

  /// One caller's wish.
  @SuppressWarnings("ArrayRecordComponent")
  private record Request(
      EventLoop home,
      String hostId,
      byte[] payload,
      long deadlineNanos,
      int attempt,
      Promise<OpenResult> result) {
    Request again() {
      return new Request(home, hostId, payload, deadlineNanos, attempt + 1, result);
    }
  }

  /// A lot with the usual times and bound, kept on one of the runtime's loops.
  public ParkedConnections(NetRuntime runtime) {
    this(runtime, TunnelTimings.DEFAULT, DEFAULT_QUEUE_MAX);
  }

  ParkedConnections(NetRuntime runtime, TunnelTimings timings, int queueMax) {
    this.keeper = runtime.loops().next();
    this.timings = timings;
    this.queueMax = queueMax;
  }

  /// Asks an agent to take a connection, within the given time. The future belongs to `home`, the
  /// loop of the client's channel: its listeners run there, and connections that live there are
  /// preferred, which spares the splice a hop between threads. Cancel it when the client is gone.
  public Future<OpenResult> open(EventLoop home, String hostId, byte[] payload, Duration within) {
    Promise<OpenResult> result = home.newPromise();
    var request =
        new Request(home, hostId, payload.clone(), System.nanoTime() + within.toNanos(), 1, result);
    onKeeper(() -> ask(request));
    return result;
  }

  /// The agents that are connected now.
  public Set<String> hosts() {
    return Set.copyOf(parkedCounts.keySet());
  }

  /// How many connections this agent has parked.
  public int parked(String hostId) {
    return parkedCounts.getOrDefault(hostId, 0);
  }

  /// Closes all that this agent has parked, and turns down who waits for it. What it parks later is
  /// the business of the [HelloVerifier].
  public void expel(String hostId) {
    onKeeper(() -> {
      var lot = lots.get(hostId);
      if (lot != null) {
        var idle = List.copyOf(lot.idle);
        lot.idle.clear();
        drop(hostId, lot);
        idle.forEach(ParkedConnection::expel);
      }
    });
  }

  private void onKeeper(Runnable task) {
    if (keeper.inEventLoop()) {
      task.run();
    } else {
      keeper.execute(task);
    }
  }

  private void ask(Request request) {
    var lot = lots.get(request.hostId());
    if (lot == null) {
      request.result().trySuccess(new OpenResult.NoAgent());
      return;
    }
    var connection = take(request.hostId(), lot, request.home());
    if (connection != null) {
      send(connection, request, lot.queue.size());
    } else if (lot.queue.size() >= queueMax) {
      request.result().trySuccess(new OpenResult.Busy());
    } else {
      enqueue(lot, request);
    }
  }

  private void enqueue(Lot lot, Request request) {
    if (request.attempt() == 1) {
      lot.queue.addLast(request);
    } else {
      lot.queue.addFirst(request);
    }
    var limit =
        keeper.schedule(
            () -> {
              // Before anybody hears of it: who asks next must not find this place taken.
              lot.queue.remove(request);
              request.result().trySuccess(new OpenResult.Busy());
            },
            Math.max(0, request.deadlineNanos() - System.nanoTime()),
            TimeUnit.NANOSECONDS);
    request
        .result()
        .addListener(done -> {
          limit.cancel(false);
          onKeeper(() -> lot.queue.remove(request));
        });
  }

  /// The newest idle connection, one on the wanted loop first.
  private @Nullable ParkedConnection take(String hostId, Lot lot, EventLoop home) {
    ParkedConnection chosen = null;
    for (Iterator<ParkedConnection> all = lot.idle.descendingIterator(); all.hasNext(); ) {
      var one = all.next();
      if (one.livesOn(home)) {
        chosen = one;
        all.remove();
        break;
      }
    }
    if (chosen == null) {
      chosen = lot.idle.pollLast();
    }
    if (chosen != null && lot.idle.isEmpty()) {
      expectReplacement(hostId, lot);
    }
    count(hostId, lot);
    return chosen;
  }

  private void count(String hostId, Lot lot) {
    parkedCounts.put(hostId, lot.idle.size());
  }

  private void expectReplacement(String hostId, Lot lot) {
    long arrivals = lot.arrivals;
    keeper.schedule(
        () -> {
          boolean same = Objects.equals(lots.get(hostId), lot);
          if (same && lot.arrivals == arrivals && lot.idle.isEmpty()) {
            drop(hostId, lot);
          }
        },
        timings.replacedWithin().toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private void drop(String hostId, Lot lot) {
    lots.remove(hostId);
    parkedCounts.remove(hostId);
    for (var request : List.copyOf(lot.queue)) {
      request.result().trySuccess(new OpenResult.NoAgent());
    }
    lot.queue.clear();
  }

  private void send(ParkedConnection connection, Request request, int wanted) {
    connection.open(
        wanted,
        request.payload(),
        new ParkedConnection.Opener() {
          @Override
          public void taken(Channel channel) {
            if (!request.result().trySuccess(new OpenResult.Opened(channel))) {
              channel.close();
            }
          }

          @Override
          public void refused(String reason) {
            request.result().trySuccess(new OpenResult.Refused(reason));
          }

          @Override
          public void notNow(String reason) {
            request.result().trySuccess(new OpenResult.NotNow(reason));
          }

          @Override
          public void failed() {
            boolean late = request.deadlineNanos() - System.nanoTime() <= 0;
            if (request.attempt() >= ATTEMPTS_MAX || late) {
              request.result().trySuccess(new OpenResult.NoAgent());
            } else if (!request.result().isDone()) {
              onKeeper(() -> ask(request.again()));
            }
          }
        });
  }

  /// A connection is free: new, or after a refusal. From its loop.
  void park(ParkedConnection connection) {
    onKeeper(() -> parking(connection));
  }

  private void parking(ParkedConnection connection) {
    String hostId = connection.hostId();
    var lot = lots.computeIfAbsent(hostId, id -> new Lot());
    lot.arrivals++;
    Request next = lot.queue.pollFirst();
    while (next != null && next.result().isDone()) {
      next = lot.queue.pollFirst();
    }
    if (next != null) {
      send(connection, next, lot.queue.size());
      if (lot.idle.isEmpty()) {
        expectReplacement(hostId, lot);
      }
    } else if (lot.idle.size() >= PARKED_PER_HOST_MAX) {
      connection.close();
    } else {
      lot.idle.addLast(connection);
    }
    count(hostId, lot);
  }

  /// A connection that had greeted is gone without having been taken. From its loop.
  void died(ParkedConnection connection) {
    onKeeper(() -> {
      var lot = lots.get(connection.hostId());
      if (lot != null && lot.idle.remove(connection)) {
        if (lot.idle.isEmpty()) {
          drop(connection.hostId(), lot);
        } else {
          count(connection.hostId(), lot);
        }
      }
    });
  }
}
