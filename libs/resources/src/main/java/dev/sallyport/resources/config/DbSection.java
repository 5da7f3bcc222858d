package dev.sallyport.resources.config;

import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseMatcher;
import java.util.List;

/// `db_service:` of a process that runs it.
///
/// @param matchers of databases that are created in the cluster
public record DbSection(
    List<Database> databases, List<DatabaseMatcher> matchers, DbLimits limits, DbAudit audit) {
  public DbSection {
    databases = List.copyOf(databases);
    matchers = List.copyOf(matchers);
  }
}
