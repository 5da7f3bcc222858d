package dev.sallyport.control;

import java.util.List;

/// The databases that the caller may see. Answers `GET /v1/databases`.
public record DatabaseAccessList(List<DatabaseAccess> databases) {
  /// Copies the lists.
  public DatabaseAccessList {
    databases = List.copyOf(databases);
  }
}
