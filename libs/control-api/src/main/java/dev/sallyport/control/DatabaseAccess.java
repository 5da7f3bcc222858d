package dev.sallyport.control;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// A database that the caller may see, and as whom.
///
/// @param database the database resource as JSON
/// @param wildcard whether any database user is allowed, apart from the denied ones
public record DatabaseAccess(
    JsonNode database, List<String> allowedUsers, List<String> deniedUsers, boolean wildcard) {
  /// Copies the lists.
  public DatabaseAccess {
    allowedUsers = List.copyOf(allowedUsers);
    deniedUsers = List.copyOf(deniedUsers);
  }
}
