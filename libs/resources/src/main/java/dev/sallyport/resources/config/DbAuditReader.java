package dev.sallyport.resources.config;

import dev.sallyport.model.Quoted;
import dev.sallyport.resources.document.Fields;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads `db_service.audit:`.
final class DbAuditReader {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})(KiB|MiB|GiB)?");

  private DbAuditReader() {}

  static DbAudit read(Fields fields) {
    var otherwise = DbAudit.DEFAULT;
    var audit =
        new DbAudit(
            choice(fields, "durability", DbAudit.Durability.values())
                .orElse(otherwise.durability()),
            choice(fields, "mode", DbAudit.Mode.values()).orElse(otherwise.mode()),
            size(
                fields,
                "disk_limit",
                DbAudit.DISK_BYTES_MIN,
                DbAudit.DISK_BYTES_MAX,
                otherwise.diskBytes()),
            choice(fields, "body", DbAudit.Body.values()).orElse(otherwise.body()),
            (int)
                size(
                    fields,
                    "body_limit",
                    DbAudit.BODY_BYTES_MIN,
                    DbAudit.BODY_BYTES_MAX,
                    otherwise.bodyBytes()),
            choice(fields, "key_values", DbAudit.KeyValues.values()).orElse(otherwise.keyValues()));
    fields.finish();
    return audit;
  }

  private static <E extends Enum<E>> Optional<E> choice(Fields fields, String field, E[] choices) {
    var text = fields.text(field);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (var choice : choices) {
      if (spelled(choice).equals(text.get())) {
        return Optional.of(choice);
      }
    }
    fields.fault(
        field,
        "%s is not known (expected: %s)"
            .formatted(
                Quoted.of(text.get()),
                Arrays.stream(choices)
                    .map(DbAuditReader::spelled)
                    .collect(Collectors.joining(", "))));
    return Optional.empty();
  }

  private static String spelled(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT);
  }

  private static long size(Fields fields, String field, long least, long most, long otherwise) {
    var text = fields.text(field);
    if (text.isEmpty()) {
      return otherwise;
    }
    var match = SIZE.matcher(text.get());
    if (match.matches()) {
      long unit =
          switch (match.group(2) == null ? "" : match.group(2)) {
            case "KiB" -> 1L << 10;
            case "MiB" -> 1L << 20;
            case "GiB" -> 1L << 30;
            default -> 1L;
          };
      long number = Long.parseLong(match.group(1));
      if (number <= most / unit && number * unit >= least) {
        return number * unit;
      }
    }
    fields.fault(
        field,
        "%s is not a size that works (expected: bytes, or a number with KiB, MiB or GiB; from %d to"
                .formatted(Quoted.of(text.get()), least)
            + " %d bytes)".formatted(most));
    return otherwise;
  }
}
