package dev.sallyport.tctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The database that the instructions of `tctl tokens add` show.
final class DatabaseSketch {
  @Option(names = "--db-name", description = "name of the database in the instructions")
  String name = "example-dynamodb";

  @Option(names = "--db-protocol", description = "its protocol: dynamodb")
  String protocol = "dynamodb";

  @Option(names = "--db-uri", description = "its endpoint, where AWS's own is not meant")
  @Nullable String uri;

  /// The line that says where the database is.
  String place() {
    String aws = "aws: {region: <region>, account_id: \"<12 digits>\"}";
    return uri == null ? aws : "uri: \"" + uri + "\"\n        " + aws;
  }
}
