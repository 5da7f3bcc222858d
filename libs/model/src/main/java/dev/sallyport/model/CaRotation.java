package dev.sallyport.model;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/// The change of an authority's key: how far it is, and when the last one ended.
///
/// @param current the one that is under way; absent in `standby`
/// @param lastRotated when the last one that was not rolled back ended
public record CaRotation(
    RotationPhase phase, Optional<Current> current, Optional<Instant> lastRotated) {
  /// Never rotated.
  public static final CaRotation NEVER =
      new CaRotation(RotationPhase.STANDBY, Optional.empty(), Optional.empty());

  public CaRotation {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(lastRotated, "lastRotated");
    if ((phase == RotationPhase.STANDBY) != current.isEmpty()) {
      throw new IllegalArgumentException(
          "rotation: the phase %s does not fit %s"
              .formatted(phase.wireName(), current.isEmpty() ? "no rotation" : "a rotation"));
    }
  }

  /// A change that is under way.
  ///
  /// @param id tells this one from others
  /// @param gracePeriod in which it is to end by itself; absent in manual mode
  /// @param schedule of the phases to come; absent in manual mode
  public record Current(
      String id,
      RotationMode mode,
      Instant started,
      Optional<Duration> gracePeriod,
      Optional<Schedule> schedule) {
    public Current {
      Names.check(id, "rotation id");
      Objects.requireNonNull(mode, "mode");
      Objects.requireNonNull(started, "started");
      if ((mode == RotationMode.AUTO) != schedule.isPresent()) {
        throw new IllegalArgumentException("rotation: a schedule goes with the mode auto");
      }
    }
  }

  /// When each phase is to begin.
  public record Schedule(Instant updateClients, Instant updateServers, Instant standby) {
    /// The phases in equal parts of a time.
    public static Schedule evenly(Instant start, Duration gracePeriod) {
      var part = gracePeriod.dividedBy(3);
      return new Schedule(
          start.plus(part), start.plus(part.multipliedBy(2)), start.plus(gracePeriod));
    }

    /// The same with what is not before `from` put off.
    public Schedule delayed(Instant from, Duration by) {
      return new Schedule(
          moved(updateClients, from, by), moved(updateServers, from, by), moved(standby, from, by));
    }

    private static Instant moved(Instant time, Instant from, Duration by) {
      return time.isBefore(from) ? time : time.plus(by);
    }
  }

  /// `standby` or `in_progress`.
  public String state() {
    return phase == RotationPhase.STANDBY ? "standby" : "in_progress";
  }
}
