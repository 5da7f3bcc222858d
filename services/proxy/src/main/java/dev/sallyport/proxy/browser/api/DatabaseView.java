package dev.sallyport.proxy.browser.api;

import java.util.List;
import java.util.Map;

/// A database that the user may see.
///
/// @param allowedUsers the database users that the user's roles name
/// @param wildcard whether any database user is allowed, apart from the denied ones
public record DatabaseView(
    String name,
    String description,
    Map<String, String> labels,
    List<String> allowedUsers,
    List<String> deniedUsers,
    boolean wildcard) {
  /// Copies the collections.
  public DatabaseView {
    labels = Map.copyOf(labels);
    allowedUsers = List.copyOf(allowedUsers);
    deniedUsers = List.copyOf(deniedUsers);
  }
}
