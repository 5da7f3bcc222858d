package dev.sallyport.auth.join;

import dev.sallyport.auth.state.HostRecord;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.DatabaseHeartbeat;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.HealthReport;
import dev.sallyport.control.HeartbeatAck;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseServer;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.model.TargetHealth;
import dev.sallyport.resources.ResourceJson;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What databases each agent serves. An announcement lists all of a host's databases, replaces its
/// former one, and is forgotten after ten minutes unless it is repeated. A host speaks for itself
/// only, and only of databases that its token allowed.
public final class DatabaseAnnouncements {
  /// How long an announcement lasts.
  public static final Duration TTL = Duration.ofMinutes(10);

  /// Most databases of one host.
  public static final int DATABASES_MAX = DatabaseHeartbeat.DATABASES_MAX;

  private static final int TEXT_LENGTH_MAX = 255;

  private final StateStore store;
  private final ResourceState resources;
  private final InstantSource clock;

  public DatabaseAnnouncements(StateStore store, ResourceState resources, InstantSource clock) {
    this.store = store;
    this.resources = resources;
    this.clock = clock;
  }

  /// Takes a host's announcement.
  public HeartbeatAck announce(HostRecord host, DatabaseHeartbeat heartbeat) {
    if (heartbeat.databases().size() > DATABASES_MAX
        || heartbeat.hostname().length() > TEXT_LENGTH_MAX
        || heartbeat.version().length() > TEXT_LENGTH_MAX) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "%d databases (expected: at most %d), or a long hostname or version"
              .formatted(heartbeat.databases().size(), DATABASES_MAX));
    }
    var expires = clock.instant().plus(TTL);
    var writes = new ArrayList<Write>();
    var announced = new HashSet<String>();
    for (var json : heartbeat.databases()) {
      var database = database(json);
      requireAllowed(host, database.name());
      if (!announced.add(database.name())) {
        throw new ControlException(
            ErrorKind.BAD_PARAMETER,
            "the database \"%s\" is announced twice".formatted(database.name()));
      }
      var server = server(host, heartbeat, database, expires);
      writes.add(ResourceState.put(server, Condition.always()));
    }
    for (var known : resources.databaseServers(host.hostId())) {
      if (!announced.contains(known.database().name())) {
        writes.add(ResourceState.delete(known, Condition.always()));
      }
    }
    commit(writes);
    return new HeartbeatAck(expires);
  }

  /// Forgets all that a host announced, as it asks when it stops.
  public void withdraw(HostRecord host) {
    commit(
        resources.databaseServers(host.hostId()).stream()
            .<Write>map(known -> ResourceState.delete(known, Condition.always()))
            .toList());
  }

  private void commit(List<Write> writes) {
    for (var from = 0; from < writes.size(); from += StateStore.WRITES_MAX) {
      store.commit(writes.subList(from, Math.min(writes.size(), from + StateStore.WRITES_MAX)));
    }
  }

  private static void requireAllowed(HostRecord host, String database) {
    if (!host.mayAnnounce(database)) {
      throw new ControlException(
          ErrorKind.ACCESS_DENIED,
          ("this host may not announce the database \"%s\": the token it joined with allows only"
                  + " %s")
              .formatted(database, host.databases()));
    }
  }

  private static DatabaseServer server(
      HostRecord host, DatabaseHeartbeat heartbeat, Database database, Instant expires) {
    // The external id is between the agent and AWS; the cluster has no use for it.
    var plain =
        new Database(
            database.metadata().withExpires(Optional.empty()).withRevision(Optional.empty()),
            database.protocol(),
            database.uri(),
            database.aws().withoutExternalId(),
            database.tls(),
            database.dynamicLabels(),
            database.serviceUris());
    return new DatabaseServer(
        Metadata.named(database.name()).withExpires(Optional.of(expires)),
        host.hostId(),
        heartbeat.hostname(),
        heartbeat.version(),
        plain,
        heartbeat.rotation().flatMap(RotationPhase::parse),
        health(heartbeat, database.name()));
  }

  private static Optional<TargetHealth> health(DatabaseHeartbeat heartbeat, String database) {
    return heartbeat.health().stream()
        .flatMap(List::stream)
        .filter(report -> report.database().equals(database))
        .findFirst()
        .flatMap(DatabaseAnnouncements::health);
  }

  /// A word of a newer agent that is not known here is no health at all.
  private static Optional<TargetHealth> health(HealthReport report) {
    try {
      return TargetHealth.Status.parse(report.status())
          .flatMap(status ->
              TargetHealth.Reason.parse(report.reason())
                  .map(reason ->
                      new TargetHealth(
                          report.address(), status, reason, report.since(), report.error())));
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, String.valueOf(e.getMessage()), e);
    }
  }

  private static Database database(JsonNode json) {
    try {
      if (ResourceJson.fromJson(json) instanceof Database database) {
        return database;
      }
    } catch (IllegalArgumentException e) {
      throw new ControlException(ErrorKind.BAD_PARAMETER, "database: " + e.getMessage(), e);
    }
    throw new ControlException(ErrorKind.BAD_PARAMETER, "a host announces databases only");
  }
}
