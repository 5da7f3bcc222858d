package dev.sallyport.resources.config;

import dev.sallyport.resources.config.DbLimits.Counts;
import dev.sallyport.resources.config.DbLimits.Sizes;
import dev.sallyport.resources.config.DbLimits.Times;
import dev.sallyport.resources.document.Fields;
import java.time.Duration;
import java.util.Optional;

/// Reads `db_service.limits:`.
final class DbLimitsReader {
  private static final DbLimits USUAL = DbLimits.DEFAULT;

  private final Fields fields;

  private DbLimitsReader(Fields fields) {
    this.fields = fields;
  }

  static DbLimits read(Fields fields) {
    var reader = new DbLimitsReader(fields);
    var limits = new DbLimits(reader.counts(), reader.sizes(), reader.times());
    fields.finish();
    return limits;
  }

  private Counts counts() {
    var usual = USUAL.counts();
    return new Counts(
        count("connections", usual.connections()),
        count("connections_per_user", usual.ofUser()),
        count("connections_per_database", usual.ofDatabase()),
        count("requests", usual.requests()));
  }

  private int count(String field, int usual) {
    return BoundedFields.count(fields, field, 1, Counts.CONNECTIONS_MAX, usual);
  }

  private Sizes sizes() {
    int header =
        (int) size("header_size", Sizes.HEADER_MIN, Sizes.HEADER_MAX, USUAL.sizes().header());
    int body = (int) size("body_size", Sizes.BODY_MIN, Sizes.BODY_MAX, USUAL.sizes().body());
    // A body that could never get its memory would be refused as if we were busy.
    var memory = memory("body_memory", body, Sizes.MEMORY_MAX);
    var ofUser = memory("body_memory_per_user", body, memory.orElse(Sizes.MEMORY_MAX));
    if (ofUser.isEmpty() && memory.filter(all -> all / 2 < body).isPresent()) {
      fields.fault(
          "body_memory",
          "half of it is one user's, and less than body_size (expected: at least %d bytes, or"
                  .formatted(2L * body)
              + " body_memory_per_user beside it)");
    }
    if (ofUser.isPresent() && memory.isEmpty()) {
      fields.fault("body_memory_per_user", "needs body_memory beside it");
    }
    return new Sizes(header, body, memory, ofUser);
  }

  private Optional<Long> memory(String field, long least, long most) {
    return fields.has(field) ? Optional.of(size(field, least, most, least)) : Optional.empty();
  }

  private long size(String field, long least, long most, long usual) {
    return BoundedFields.size(fields, field, least, most, usual);
  }

  private Times times() {
    var usual = USUAL.times();
    return new Times(
        time("queue_time", Times.QUEUE_MIN, Times.QUEUE_MAX, usual.queue()),
        time("read_timeout", Times.PEER_MIN, Times.PEER_MAX, usual.read()),
        time("write_timeout", Times.PEER_MIN, Times.PEER_MAX, usual.write()),
        time("answer_timeout", Times.PEER_MIN, Times.PEER_MAX, usual.answer()),
        time("idle_timeout", Times.IDLE_MIN, Times.IDLE_MAX, usual.idle()));
  }

  private Duration time(String field, Duration least, Duration most, Duration usual) {
    return BoundedFields.time(fields, field, least, most, usual);
  }
}
