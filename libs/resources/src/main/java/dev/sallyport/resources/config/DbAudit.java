package dev.sallyport.resources.config;

/// `db_service.audit:`, how a Database Service keeps its audit records.
///
/// @param durability what a request waits for
/// @param mode what happens when nothing can be recorded
/// @param diskBytes most bytes of records that wait for Auth
/// @param body what of a request's body is recorded
/// @param bodyBytes most bytes of a recorded body
/// @param keyValues how values of keys are recorded
public record DbAudit(
    Durability durability,
    Mode mode,
    long diskBytes,
    Body body,
    int bodyBytes,
    KeyValues keyValues) {
  /// Least and most for `disk_limit`.
  public static final long DISK_BYTES_MIN = 64L << 20;

  public static final long DISK_BYTES_MAX = 1L << 40;

  /// Least and most for `body_limit`.
  public static final int BODY_BYTES_MIN = 256;

  public static final int BODY_BYTES_MAX = 64 << 10;

  /// Where nothing is said.
  public static final DbAudit DEFAULT =
      new DbAudit(Durability.WRITE, Mode.STRICT, 1L << 30, Body.KEYS, 16 << 10, KeyValues.HASH);

  /// `durability`.
  public enum Durability {
    /// In the file.
    WRITE,
    /// On the disk.
    FSYNC
  }

  /// `mode`.
  public enum Mode {
    /// Refuse requests.
    STRICT,
    /// Count what is lost.
    BEST_EFFORT
  }

  /// `body`.
  public enum Body {
    /// Nothing but its tables.
    OFF,
    /// What it is about, without item data.
    KEYS,
    /// All of it, up to a bound.
    FULL
  }

  /// `key_values`.
  public enum KeyValues {
    /// Only a keyed hash.
    HASH,
    /// As they are.
    PLAIN
  }
}
