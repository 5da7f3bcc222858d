package dev.sallyport.dynamodb;

import java.util.Objects;
import java.util.Set;

/// What policy and audit need to know of a request that can be read in one way alone: what it does,
/// and to which tables.
///
/// @param operation what it does
/// @param tables the tables that were found, each in its one spelling
/// @param knowledge how far `tables` can be relied on; never `AMBIGUOUS`, which is
///   [RequestReading.Ambiguous]
public record RequestSummary(Operation operation, Set<TableRef> tables, TableKnowledge knowledge)
    implements RequestReading {

  /// Longest body that is read, above DynamoDB's 16 MB.
  public static final int BODY_BYTES_MAX = 20 * 1024 * 1024;

  /// Deepest nesting: DynamoDB allows 32 levels of an attribute, which are two of JSON each, inside
  /// an envelope.
  public static final int DEPTH_MAX = 96;

  /// Longest field name: an attribute's name may have 64 KB.
  public static final int NAME_LENGTH_MAX = 66_000;

  /// Longest digit sequence. DynamoDB's numbers are strings; bare ones are limits and counts.
  public static final int NUMBER_LENGTH_MAX = 64;

  /// Most tables of one request; DynamoDB's batches and transactions take 100 keys.
  public static final int TABLES_MAX = 200;

  /// Copies the set, keeping its order.
  public RequestSummary {
    Objects.requireNonNull(operation, "operation");
    if (Objects.requireNonNull(knowledge, "knowledge") == TableKnowledge.AMBIGUOUS) {
      throw new IllegalArgumentException("a body with two readings has no summary");
    }
    tables = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(tables));
  }

  /// Reads a body in one pass, without building a tree of it.
  ///
  /// @param operation what the request's target named
  /// @param body exactly the bytes that will be sent
  /// @param home where plain table names belong
  public static RequestReading of(Operation operation, byte[] body, AwsHome home) {
    return new RequestReader(operation, home).read(body);
  }
}
