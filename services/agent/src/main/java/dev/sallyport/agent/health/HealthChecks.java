package dev.sallyport.agent.health;

import dev.sallyport.dynamodb.Endpoint;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.model.TargetHealth.Reason;
import dev.sallyport.model.TargetHealth.Status;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks every 30 s whether each database's endpoints take a TCP connection within 5 s. One look
/// that fails makes it unhealthy, two in a row that succeed make it healthy again; the first look
/// decides alone.
///
/// Each database on a virtual thread of its own. For any thread; who starts it closes it.
public final class HealthChecks implements AutoCloseable {
  private static final Duration EVERY = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int LOOKS_TO_RECOVER = 2;
  private static final int MAX_ERROR = 256;
  private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

  private final Map<String, Watched> watched = new LinkedHashMap<>();
  private final Map<String, TargetHealth> known = new ConcurrentHashMap<>();
  private final InstantSource clock;
  private final Duration every;
  private final Runnable changed;
  private boolean started;

  private record Target(String host, int port) {
    @Override
    public String toString() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// @param endpoints by the name of the database
  /// @param changed runs after each change of a status
  public HealthChecks(
      Map<String, List<Endpoint>> endpoints, InstantSource clock, Runnable changed) {
    this(endpoints, clock, changed, EVERY);
  }

  HealthChecks(
      Map<String, List<Endpoint>> endpoints,
      InstantSource clock,
      Runnable changed,
      Duration every) {
    this.clock = clock;
    this.every = every;
    this.changed = changed;
    replace(endpoints);
  }

  /// Begins, and does not wait for the first look.
  public synchronized void start() {
    started = true;
    watched.values().forEach(Watched::start);
  }

  /// Looks at these instead; what is known of one whose endpoints stay the same stays known.
  public synchronized void replace(Map<String, List<Endpoint>> endpoints) {
    var before = new LinkedHashMap<>(watched);
    watched.clear();
    endpoints.forEach((database, all) -> {
      var places = all.stream().map(one -> new Target(one.host(), one.port())).distinct().toList();
      var last = before.get(database);
      if (last != null && last.places.equals(places)) {
        before.remove(database);
        watched.put(database, last);
      } else {
        watched.put(database, new Watched(database, places));
      }
    });
    before.values().forEach(Watched::stop);
    if (started) {
      watched.values().forEach(Watched::start);
    }
  }

  /// What is known of a database; nothing before the first look.
  public Optional<TargetHealth> of(String database) {
    return Optional.ofNullable(known.get(database));
  }

  /// What went wrong first, if something did.
  private static Optional<String> look(List<Target> places) {
    for (var place : places) {
      try (var socket = new Socket()) {
        var address = new InetSocketAddress(place.host(), place.port());
        if (address.isUnresolved()) {
          throw new UnknownHostException("no address is known for this name");
        }
        socket.connect(address, (int) PATIENCE.toMillis());
      } catch (IOException e) {
        var text = place + ": " + e.getMessage();
        return Optional.of(text.substring(0, Math.min(text.length(), MAX_ERROR)));
      }
    }
    return Optional.empty();
  }

  @Override
  public synchronized void close() {
    watched.values().forEach(Watched::stop);
  }

  /// One database and the thread that looks at it.
  private final class Watched {
    final List<Target> places;
    private final String database;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;

    Watched(String database, List<Target> places) {
      this.database = database;
      this.places = places;
    }

    void start() {
      if (thread == null) {
        thread = Thread.ofVirtual().name("sallyport-health-" + database).start(this::keepLooking);
      }
    }

    /// From then on nothing is noted, and what was known is forgotten.
    synchronized void stop() {
      stopped.countDown();
      known.remove(database);
      if (thread != null) {
        thread.interrupt();
      }
    }

    private void keepLooking() {
      var good = 0;
      try {
        do {
          var error = look(places);
          good = error.isEmpty() ? good + 1 : 0;
          note(error, good);
        } while (!stopped.await(every.toMillis(), TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private synchronized void note(Optional<String> error, int good) {
      var before = Optional.ofNullable(known.get(database));
      var status = error.isEmpty() ? Status.HEALTHY : Status.UNHEALTHY;
      var recovering = status == Status.HEALTHY && before.isPresent() && good < LOOKS_TO_RECOVER;
      if (stopped.getCount() == 0
          || recovering
          || before.map(TargetHealth::status).equals(Optional.of(status))) {
        return;
      }
      var address = places.stream().map(Target::toString).collect(Collectors.joining(","));
      var reason = before.isEmpty() ? Reason.INITIALIZED : Reason.THRESHOLD_REACHED;
      known.put(database, new TargetHealth(address, status, reason, clock.instant(), error));
      if (error.isPresent()) {
        LOG.atWarn()
            .addKeyValue("database", database)
            .addKeyValue("reason", error.get())
            .log("An endpoint of the database cannot be reached");
      } else if (before.isPresent()) {
        LOG.atInfo().addKeyValue("database", database).log("The database can be reached again");
      }
      changed.run();
    }
  }
}
