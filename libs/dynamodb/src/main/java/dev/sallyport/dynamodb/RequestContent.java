package dev.sallyport.dynamodb;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a record may tell of a request's body: which keys, what kinds of conditions, how many
/// items. The values of keys are here as the client sent them; whoever records them decides how.
///
/// @param keys names of key attributes with their values, each as type and text, such as `S:Acme`
/// @param conditions kinds of conditions and expressions
/// @param items how many items and keys the request names
/// @param statements PartiQL statements without their literals
/// @param asksForCapacity whether the answer will tell what was consumed
/// @param cut whether there is more than this tells
/// @param tableKey the names of the attributes that are the key of the table, as the request has
///   it: DynamoDB takes it only when that is right. Empty when the request has no such key, or
///   several that differ
public record RequestContent(
    Map<String, List<String>> keys,
    Set<String> conditions,
    int items,
    List<String> statements,
    boolean asksForCapacity,
    boolean cut,
    Set<String> tableKey) {

  /// Most names of key attributes; a table has two and an index four.
  public static final int KEYS_MAX = 16;

  /// Most attributes of a table's key.
  public static final int TABLE_KEY_MAX = 2;

  /// Most values of one key attribute.
  public static final int VALUES_MAX = 16;

  /// Most statements.
  public static final int STATEMENTS_MAX = 16;

  /// Longest value of a key: DynamoDB takes 2048 bytes.
  public static final int VALUE_LENGTH_MAX = 4096;

  /// Nothing is known.
  public static final RequestContent NONE =
      new RequestContent(Map.of(), Set.of(), 0, List.of(), false, false, Set.of());

  /// Copies the collections, keeping their order.
  public RequestContent {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    conditions = Collections.unmodifiableSet(new java.util.LinkedHashSet<>(conditions));
    statements = List.copyOf(statements);
    tableKey = Set.copyOf(tableKey);
  }

  /// Reads a body that was read as a [RequestSummary] before; tells nothing of any other.
  public static RequestContent of(byte[] body) {
    return of(body, Set.of());
  }

  /// The same, where it is known which attributes of whole items are keys. Their values are told as
  /// those of keys are.
  public static RequestContent of(byte[] body, Set<String> itemKeys) {
    return new ContentReader(itemKeys).read(body);
  }
}
