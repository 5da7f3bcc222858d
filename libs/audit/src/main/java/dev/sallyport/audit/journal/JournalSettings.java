package dev.sallyport.audit.journal;

import java.time.Duration;

/// How a journal keeps its promises.
///
/// @param durability what a record waits for
/// @param mode what happens when a record cannot be written
/// @param diskBytes most bytes of its files together; beyond, no new request is taken
/// @param segmentBytes size at which a new file begins
/// @param syncEvery how long a record is at most in the file but not yet on the disk
/// @param checkpointRecords after how many records the agent signs
/// @param checkpointEvery after what time it signs, if there are records since
/// @param patience how long a request waits for its record at most
public record JournalSettings(
    Durability durability,
    Mode mode,
    long diskBytes,
    long segmentBytes,
    Duration syncEvery,
    int checkpointRecords,
    Duration checkpointEvery,
    Duration patience) {

  /// Least `diskBytes`: two files and what a full queue holds.
  public static final long DISK_BYTES_MIN = 64L << 20;

  /// `diskBytes` where nothing else is said.
  public static final long DISK_BYTES = 1L << 30;

  /// What a record waits for.
  public enum Durability {
    /// It is in the file: it survives the death of the process.
    WRITE,
    /// It is on the disk: it survives the loss of power.
    FSYNC
  }

  /// What happens when a record cannot be written.
  public enum Mode {
    /// Requests are refused.
    STRICT,
    /// Requests go on; what is lost is counted, and told by a later record.
    BEST_EFFORT
  }

  /// Written and strict, 1 GiB of disk.
  public static final JournalSettings DEFAULT = of(Durability.WRITE, Mode.STRICT, DISK_BYTES);

  /// What can be configured; the rest as always.
  public static JournalSettings of(Durability durability, Mode mode, long diskBytes) {
    return new JournalSettings(
        durability,
        mode,
        diskBytes,
        8L << 20,
        Duration.ofMillis(50),
        1000,
        Duration.ofSeconds(10),
        Duration.ofSeconds(5));
  }
}
