package dev.sallyport.launcher;

import dev.sallyport.agent.session.Recording;
import dev.sallyport.audit.journal.JournalSettings;
import dev.sallyport.resources.config.DbAudit;

/// `db_service.audit` in the agent's terms.
final class AuditConfig {
  private AuditConfig() {}

  static JournalSettings journal(DbAudit audit) {
    return JournalSettings.of(
        switch (audit.durability()) {
          case WRITE -> JournalSettings.Durability.WRITE;
          case FSYNC -> JournalSettings.Durability.FSYNC;
        },
        switch (audit.mode()) {
          case STRICT -> JournalSettings.Mode.STRICT;
          case BEST_EFFORT -> JournalSettings.Mode.BEST_EFFORT;
        },
        audit.diskBytes());
  }

  static Recording recording(DbAudit audit) {
    var body =
        switch (audit.body()) {
          case OFF -> Recording.Body.OFF;
          case KEYS -> Recording.Body.KEYS;
          case FULL -> Recording.Body.FULL;
        };
    return new Recording(body, audit.bodyBytes(), audit.keyValues() == DbAudit.KeyValues.PLAIN);
  }
}
