package dev.sallyport.bench.chain;

import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Sends requests over plain or TLS connections and takes the time of each, on one event loop.
final class LoadGenerator implements AutoCloseable {
  private static final long SEED = 42;
  private static final int PATIENCE_SECONDS = 30;

  private final NetRuntime runtime = new NetRuntime("load", 1, TlsProvider.best());

  /// What one run saw.
  ///
  /// @param answered requests with an answer of status 200
  /// @param failed all others; the first reason in `firstFailure`
  /// @param seconds wall time from the first request to the last answer
  record Sample(int answered, int failed, String firstFailure, double seconds, Latencies times) {}

  /// Runs `load` against `target` for so long, and waits for the last answers.
  Sample run(Workload load, Contender.Target target, double seconds) throws Exception {
    var loop = runtime.loops().next();
    var run = new Run(load, target, loop, seconds);
    loop.execute(run::start);
    try {
      return run.finished.get((long) seconds + PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "%s at %s does not end: %s"
              .formatted(load.name(), target.host(), loop.submit(run::state).get()),
          e);
    } finally {
      loop.submit(run::closeAll).sync();
    }
  }

  @Override
  public void close() {
    runtime.close();
  }

  /// One run; all of it on the event loop.
  private final class Run implements Client.Listener {
    final CompletableFuture<Sample> finished = new CompletableFuture<>();
    private final Workload load;
    private final EventLoop loop;
    private final double seconds;
    private final Client.Factory clients;
    private final Latencies times = new Latencies();
    private final List<Client> open = new ArrayList<>();
    private final ArrayDeque<Client> idle = new ArrayDeque<>();
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final SplittableRandom random = new SplittableRandom(SEED);
    private long started;
    private int running;
    private int failed;
    private String firstFailure = "";
    private long nextArrival;

    Run(Workload load, Contender.Target target, EventLoop loop, double seconds) {
      this.load = load;
      this.loop = loop;
      this.seconds = seconds;
      this.clients = new Client.Factory(target, load.request(), this);
    }

    void start() {
      started = System.nanoTime();
      for (int i = 0; i < load.connections(); i++) {
        connect();
      }
      if (load.pace() instanceof Workload.Pace.Open) {
        nextArrival = started;
        arrive();
      }
    }

    private boolean over() {
      return System.nanoTime() - started > seconds * 1e9;
    }

    private void connect() {
      running++;
      clients.connect(runtime, loop, System.nanoTime());
    }

    @Override
    public void connected(Client client, long began) {
      open.add(client);
      switch (load.pace()) {
        case Workload.Pace.Closed _ -> client.send(System.nanoTime());
        case Workload.Pace.NewConnections _ -> client.send(began);
        case Workload.Pace.Open _ -> {
          idle.add(client);
          serve();
        }
      }
    }

    @Override
    public void answered(Client client, long since) {
      times.add(System.nanoTime() - since);
      switch (load.pace()) {
        case Workload.Pace.Closed _ -> {
          if (over()) {
            done(client);
          } else {
            client.send(System.nanoTime());
          }
        }
        case Workload.Pace.NewConnections _ -> {
          done(client);
          if (!over()) {
            connect();
          }
        }
        case Workload.Pace.Open _ -> {
          idle.add(client);
          serve();
        }
      }
    }

    /// Sends what waits on clients that are free; ends when nothing is left of a run that is over.
    private void serve() {
      while (!waiting.isEmpty() && !idle.isEmpty()) {
        idle.poll().send(waiting.poll());
      }
      if (over() && waiting.isEmpty() && idle.size() == running) {
        finish();
      }
    }

    /// Lets all requests come whose time has come, and sets the clock for the next.
    private void arrive() {
      long now = System.nanoTime();
      while (nextArrival <= now && !over()) {
        waiting.add(nextArrival);
        nextArrival += gap();
      }
      serve();
      if (!over()) {
        loop.schedule(
            this::arrive, Math.max(0, nextArrival - System.nanoTime()), TimeUnit.NANOSECONDS);
      }
    }

    private long gap() {
      var pace = (Workload.Pace.Open) load.pace();
      return (long) (-Math.log(1 - random.nextDouble()) * 1e9 / pace.requestsPerSecond());
    }

    @Override
    public void failed(String reason) {
      failed++;
      if (firstFailure.isEmpty()) {
        firstFailure = reason;
      }
      leave();
    }

    private void done(Client client) {
      open.remove(client);
      client.close();
      leave();
    }

    private void leave() {
      running--;
      if (running == 0 && (over() || failed > 0)) {
        finish();
      }
    }

    private void finish() {
      finished.complete(
          new Sample(
              times.count(), failed, firstFailure, (System.nanoTime() - started) / 1e9, times));
    }

    String state() {
      return "%d answered, %d failed %s, %d of %d clients left, %d of them connected; %s"
          .formatted(
              times.count(), failed, firstFailure, running, load.connections(), open.size(), open);
    }

    void closeAll() {
      open.forEach(Client::close);
    }
  }
}
