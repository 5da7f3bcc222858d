package dev.sallyport.model;

import java.util.Objects;
import java.util.Optional;

/// A database as one agent serves it; there is one for each agent and database.
///
/// @param hostname of the agent, as people know it
/// @param version of the agent
/// @param rotation how far the agent has followed the host authority's change of keys; absent when
///   it did not tell
/// @param health whether the agent reaches the database; absent when it did not tell
public record DatabaseServer(
    Metadata metadata,
    String hostId,
    String hostname,
    String version,
    Database database,
    Optional<RotationPhase> rotation,
    Optional<TargetHealth> health)
    implements Resource {
  public DatabaseServer {
    Names.check(hostId, "host id");
    Objects.requireNonNull(hostname, "hostname");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(rotation, "rotation");
    Objects.requireNonNull(health, "health");
    if (!metadata.name().equals(database.name())) {
      throw new IllegalArgumentException(
          "a database server is named after its database: %s (expected: %s)"
              .formatted(Quoted.of(metadata.name()), Quoted.of(database.name())));
    }
  }

  /// One that does not tell of rotations, nor of health.
  public DatabaseServer(
      Metadata metadata, String hostId, String hostname, String version, Database database) {
    this(metadata, hostId, hostname, version, database, Optional.empty(), Optional.empty());
  }

  @Override
  public Kind kind() {
    return Kind.DB_SERVER;
  }

  /// `<host id>/<database name>`.
  @Override
  public String resourceName() {
    return hostId + "/" + database.name();
  }

  @Override
  public DatabaseServer withMetadata(Metadata newMetadata) {
    return new DatabaseServer(newMetadata, hostId, hostname, version, database, rotation, health);
  }

  public DatabaseServer withHealth(Optional<TargetHealth> known) {
    return new DatabaseServer(metadata, hostId, hostname, version, database, rotation, known);
  }

  /// What is known of whether the agent reaches the database.
  public TargetHealth.Status healthStatus() {
    return health.map(TargetHealth::status).orElse(TargetHealth.Status.UNKNOWN);
  }
}
