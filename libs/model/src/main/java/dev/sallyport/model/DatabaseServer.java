package dev.sallyport.model;

import java.util.Objects;

/// A database as one agent serves it; there is one for each agent and database.
///
/// @param hostname of the agent, as people know it
/// @param version of the agent
public record DatabaseServer(
    Metadata metadata, String hostId, String hostname, String version, Database database)
    implements Resource {
  public DatabaseServer {
    Names.check(hostId, "host id");
    Objects.requireNonNull(hostname, "hostname");
    Objects.requireNonNull(version, "version");
    if (!metadata.name().equals(database.name())) {
      throw new IllegalArgumentException(
          "a database server is named after its database: %s (expected: %s)"
              .formatted(Quoted.of(metadata.name()), Quoted.of(database.name())));
    }
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
    return new DatabaseServer(newMetadata, hostId, hostname, version, database);
  }
}
