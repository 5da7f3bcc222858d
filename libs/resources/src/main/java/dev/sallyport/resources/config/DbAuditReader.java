package dev.sallyport.resources.config;

import dev.sallyport.resources.document.Fields;

/// Reads `db_service.audit:`.
final class DbAuditReader {
  private DbAuditReader() {}

  static DbAudit read(Fields fields) {
    var otherwise = DbAudit.DEFAULT;
    var audit =
        new DbAudit(
            BoundedFields.choice(fields, "durability", DbAudit.Durability.values())
                .orElse(otherwise.durability()),
            BoundedFields.choice(fields, "mode", DbAudit.Mode.values()).orElse(otherwise.mode()),
            BoundedFields.size(
                fields,
                "disk_limit",
                DbAudit.DISK_BYTES_MIN,
                DbAudit.DISK_BYTES_MAX,
                otherwise.diskBytes()),
            BoundedFields.choice(fields, "body", DbAudit.Body.values()).orElse(otherwise.body()),
            (int)
                BoundedFields.size(
                    fields,
                    "body_limit",
                    DbAudit.BODY_BYTES_MIN,
                    DbAudit.BODY_BYTES_MAX,
                    otherwise.bodyBytes()),
            BoundedFields.choice(fields, "key_values", DbAudit.KeyValues.values())
                .orElse(otherwise.keyValues()));
    fields.finish();
    return audit;
  }
}
