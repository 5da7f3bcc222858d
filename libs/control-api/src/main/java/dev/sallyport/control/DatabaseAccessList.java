package dev.sallyport.control;

import java.util.List;
import java.util.Optional;

/// A page of the databases that the caller may see, by name. Answers `GET /v1/databases`.
///
/// @param next what to ask for as `page` to go on; absent on the last page
public record DatabaseAccessList(List<DatabaseAccess> databases, Optional<String> next) {
  /// Copies the lists.
  public DatabaseAccessList {
    databases = List.copyOf(databases);
  }
}
