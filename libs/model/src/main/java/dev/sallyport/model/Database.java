package dev.sallyport.model;

import java.util.Objects;
import java.util.Optional;

/// A DynamoDB account and region that an agent gives access to. An instance obeys {@link
/// DatabaseRules} and always has its region.
///
/// @param uri another endpoint than AWS's rules give
public record Database(
    Metadata metadata, String protocol, Optional<String> uri, DatabaseAws aws, DatabaseTls tls)
    implements Resource {
  public Database {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(tls, "tls");
    aws = DatabaseRules.check(metadata.name(), protocol, uri, aws);
  }

  public String name() {
    return metadata.name();
  }

  /// What roles choose the database by.
  public Labels labels() {
    return new Labels(metadata.labels());
  }

  /// The endpoint that was configured; absent when AWS's rules give it.
  public Optional<DatabaseUri> endpoint() {
    return uri.flatMap(DatabaseUri::parse).filter(address -> !address.scheme().equals("aws"));
  }

  @Override
  public Kind kind() {
    return Kind.DB;
  }

  @Override
  public Database withMetadata(Metadata newMetadata) {
    return new Database(newMetadata, protocol, uri, aws, tls);
  }
}
