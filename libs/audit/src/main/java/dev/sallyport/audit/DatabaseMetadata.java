package dev.sallyport.audit;

import dev.sallyport.model.Database;
import dev.sallyport.model.Origin;
import java.util.Map;
import java.util.Optional;

/// Which database, and as whom.
///
/// @param dbService the database's name
/// @param dbProtocol `dynamodb`
/// @param dbUri the endpoint that is used
/// @param dbName what the client gave as database name, if anything
/// @param dbUser the IAM role as the client named it
/// @param dbLabels the database's labels
/// @param dbAwsRegion the AWS region
/// @param dbType `dynamodb`
/// @param dbOrigin where the database was configured, `config-file` or `dynamic`
public record DatabaseMetadata(
    String dbService,
    String dbProtocol,
    String dbUri,
    Optional<String> dbName,
    String dbUser,
    Map<String, String> dbLabels,
    String dbAwsRegion,
    String dbType,
    String dbOrigin) {

  private static final String TYPE = "dynamodb";

  /// Copies the labels.
  public DatabaseMetadata {
    dbLabels = Map.copyOf(dbLabels);
  }

  /// A database of an agent's configuration file, unless its origin says that it is the cluster's.
  ///
  /// @param uri the endpoint that is used
  /// @param dbUser the IAM role as the client named it
  public static DatabaseMetadata of(
      Database database, String uri, String dbUser, Optional<String> dbName) {
    return new DatabaseMetadata(
        database.name(),
        database.protocol(),
        uri,
        dbName,
        dbUser,
        database.labels().values(),
        database.aws().region(),
        TYPE,
        Origin.of(database.metadata()).orElse(Origin.CONFIG_FILE).wireName());
  }
}
