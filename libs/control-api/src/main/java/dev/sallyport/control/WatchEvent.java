package dev.sallyport.control;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One line of the watch stream, a JSON object.
///
/// - `reset`: forget everything; a whole new picture follows, up to `synced`
/// - `put`, `delete`: a resource of that kind and name is now `value`, or is gone
/// - `synced`: everything up to `revision` was sent; from here on, changes as they happen
/// - `beat`: nothing more happened up to now
///
/// The value of a user is [UserRoles]; other kinds are resource JSON without secrets.
///
/// @param revision up to where the stream has come; a later one begins there with `since`
public record WatchEvent(
    WatchType type,
    Optional<String> kind,
    Optional<String> name,
    long revision,
    Optional<JsonNode> value) {
  /// A value that is not there may have been read as JSON's null.
  public WatchEvent {
    value = value.filter(found -> !found.isNull());
  }

  /// A put.
  public static WatchEvent put(String kind, String name, long revision, JsonNode value) {
    return new WatchEvent(
        WatchType.PUT, Optional.of(kind), Optional.of(name), revision, Optional.of(value));
  }

  /// A delete.
  public static WatchEvent delete(String kind, String name, long revision) {
    return new WatchEvent(
        WatchType.DELETE, Optional.of(kind), Optional.of(name), revision, Optional.empty());
  }

  /// A reset, synced or beat.
  public static WatchEvent mark(WatchType type, long revision) {
    return new WatchEvent(type, Optional.empty(), Optional.empty(), revision, Optional.empty());
  }
}
