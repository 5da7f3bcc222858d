package dev.sallyport.resources.config;

import dev.sallyport.model.Database;
import java.util.List;

/// `db_service:` of a process that runs it.
public record DbSection(List<Database> databases, DbLimits limits, DbAudit audit) {
  public DbSection {
    databases = List.copyOf(databases);
  }
}
