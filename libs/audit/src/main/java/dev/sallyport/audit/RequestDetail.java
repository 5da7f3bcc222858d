package dev.sallyport.audit;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of a request's body is on record. By default there is no item data in it and no value of a
/// key: those are named by a hash under a key of the cluster.
///
/// @param indexes the indexes that are read, as `table/index`
/// @param keyAttributes names of key attributes, each with `hmac-sha256:` and the hash of its
///   value, or with the value where the configuration says so
/// @param conditions which kinds of conditions the request has, such as `condition`, `filter`
/// @param itemCount how many items or keys the request names
/// @param statements PartiQL statements, with `?` for every literal
/// @param body the body, where the configuration says `full`
/// @param bodyCut whether the body or a list above was cut to its bound
public record RequestDetail(
    List<String> indexes,
    Map<String, String> keyAttributes,
    List<String> conditions,
    Optional<Integer> itemCount,
    List<String> statements,
    Optional<RawJson> body,
    boolean bodyCut) {

  /// Nothing of it.
  public static final RequestDetail NONE =
      new RequestDetail(
          List.of(), Map.of(), List.of(), Optional.empty(), List.of(), Optional.empty(), false);

  /// Copies the lists.
  public RequestDetail {
    indexes = List.copyOf(indexes);
    keyAttributes = Map.copyOf(keyAttributes);
    conditions = List.copyOf(conditions);
    statements = List.copyOf(statements);
  }
}
