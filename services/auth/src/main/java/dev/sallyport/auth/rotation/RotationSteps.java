package dev.sallyport.auth.rotation;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.CaRotation;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.RotationMode;
import dev.sallyport.model.RotationPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The steps of changing an authority's key, as a function of what is there. Pure.
///
/// | phase | active, which signs | additional, which is trusted too |
/// | --- | --- | --- |
/// | `standby` | old | |
/// | `init` | old | new |
/// | `update_clients`, `update_servers` | new | old |
/// | `standby` | new | |
/// | `rollback` | old | new |
public final class RotationSteps {
  private RotationSteps() {}

  /// Where one can go from a phase.
  static List<RotationPhase> from(RotationPhase phase) {
    return switch (phase) {
      case STANDBY -> List.of(RotationPhase.INIT);
      case INIT -> List.of(RotationPhase.UPDATE_CLIENTS, RotationPhase.ROLLBACK);
      case UPDATE_CLIENTS -> List.of(RotationPhase.UPDATE_SERVERS, RotationPhase.ROLLBACK);
      case UPDATE_SERVERS -> List.of(RotationPhase.STANDBY, RotationPhase.ROLLBACK);
      case ROLLBACK -> List.of(RotationPhase.STANDBY);
    };
  }

  /// Begins: the next key is trusted from now on.
  ///
  /// @param id tells this rotation from others
  /// @param gracePeriod in mode auto, the time until the end
  /// @throws ControlException of kind BAD_PARAMETER if one is under way
  public static CertAuthority begin(
      CertAuthority authority,
      CertAuthority.KeyPair next,
      String id,
      Optional<Duration> gracePeriod,
      Instant now) {
    require(authority, RotationPhase.INIT);
    var current =
        new CaRotation.Current(
            id,
            gracePeriod.isPresent() ? RotationMode.AUTO : RotationMode.MANUAL,
            now,
            gracePeriod,
            gracePeriod.map(time -> CaRotation.Schedule.evenly(now, time)));
    return with(
        authority,
        authority.active(),
        List.of(next),
        new CaRotation(
            RotationPhase.INIT, Optional.of(current), authority.rotation().lastRotated()),
        authority.retired());
  }

  /// Goes on with what is under way.
  ///
  /// @throws ControlException of kind BAD_PARAMETER if that is not the next step
  public static CertAuthority go(CertAuthority authority, RotationPhase to, Instant now) {
    if (to == RotationPhase.INIT) {
      throw refused(authority, to);
    }
    require(authority, to);
    var rotation = authority.rotation();
    return switch (to) {
      case INIT -> throw new IllegalStateException("refused above");
      case UPDATE_CLIENTS -> turned(authority, rotation.current(), to);
      case UPDATE_SERVERS ->
          with(
              authority,
              authority.active(),
              authority.additional(),
              new CaRotation(to, rotation.current(), rotation.lastRotated()),
              authority.retired());
      case ROLLBACK -> {
        var byHand = rotation.current().map(RotationSteps::byHand);
        yield rotation.phase() == RotationPhase.INIT
            ? with(
                authority,
                authority.active(),
                authority.additional(),
                new CaRotation(to, byHand, rotation.lastRotated()),
                authority.retired())
            : turned(authority, byHand, to);
      }
      case STANDBY -> ended(authority, now);
    };
  }

  /// Which step a schedule wants now.
  public static Optional<RotationPhase> due(CertAuthority authority, Instant now) {
    return authority
        .rotation()
        .current()
        .flatMap(CaRotation.Current::schedule)
        .flatMap(schedule ->
            switch (authority.rotation().phase()) {
              case INIT -> due(RotationPhase.UPDATE_CLIENTS, schedule.updateClients(), now);
              case UPDATE_CLIENTS ->
                  due(RotationPhase.UPDATE_SERVERS, schedule.updateServers(), now);
              case UPDATE_SERVERS -> due(RotationPhase.STANDBY, schedule.standby(), now);
              case STANDBY, ROLLBACK -> Optional.empty();
            });
  }

  /// Takes the step that is due. When it comes late, as after an outage of Auth, those that follow
  /// are put off by as much: hosts need the time of each phase to follow it.
  public static CertAuthority goByClock(CertAuthority authority, RotationPhase to, Instant now) {
    var moved = go(authority, to, now);
    var current = moved.rotation().current();
    var schedule = current.flatMap(CaRotation.Current::schedule);
    if (current.isEmpty() || schedule.isEmpty()) {
      return moved;
    }
    var planned =
        to == RotationPhase.UPDATE_CLIENTS
            ? schedule.get().updateClients()
            : schedule.get().updateServers();
    var put = schedule.get().delayed(planned.plusNanos(1), Duration.between(planned, now));
    var known = current.get();
    return with(
        moved,
        moved.active(),
        moved.additional(),
        new CaRotation(
            to,
            Optional.of(
                new CaRotation.Current(
                    known.id(),
                    known.mode(),
                    known.started(),
                    known.gracePeriod(),
                    Optional.of(put))),
            moved.rotation().lastRotated()),
        moved.retired());
  }

  private static Optional<RotationPhase> due(RotationPhase phase, Instant at, Instant now) {
    return now.isBefore(at) ? Optional.empty() : Optional.of(phase);
  }

  /// What signed is only trusted, and what was only trusted signs.
  private static CertAuthority turned(
      CertAuthority authority, Optional<CaRotation.Current> current, RotationPhase to) {
    return with(
        authority,
        authority.additional(),
        authority.active(),
        new CaRotation(to, current, authority.rotation().lastRotated()),
        authority.retired());
  }

  private static CertAuthority ended(CertAuthority authority, Instant now) {
    var retired = new ArrayList<>(authority.retired());
    for (var pair : authority.additional()) {
      retired.add(new CertAuthority.Retired(pair.certPem(), now));
    }
    var last =
        authority.rotation().phase() == RotationPhase.ROLLBACK
            ? authority.rotation().lastRotated()
            : Optional.of(now);
    return with(
        authority,
        authority.active(),
        List.of(),
        new CaRotation(RotationPhase.STANDBY, Optional.empty(), last),
        retired);
  }

  private static CaRotation.Current byHand(CaRotation.Current current) {
    return new CaRotation.Current(
        current.id(), RotationMode.MANUAL, current.started(), Optional.empty(), Optional.empty());
  }

  private static CertAuthority with(
      CertAuthority authority,
      List<CertAuthority.KeyPair> active,
      List<CertAuthority.KeyPair> additional,
      CaRotation rotation,
      List<CertAuthority.Retired> retired) {
    return new CertAuthority(
        authority.metadata(),
        authority.type(),
        authority.clusterName(),
        active,
        additional,
        rotation,
        retired);
  }

  private static void require(CertAuthority authority, RotationPhase to) {
    if (!from(authority.rotation().phase()).contains(to)) {
      throw refused(authority, to);
    }
  }

  private static ControlException refused(CertAuthority authority, RotationPhase to) {
    var now = authority.rotation().phase();
    return new ControlException(
        ErrorKind.BAD_PARAMETER,
        "the %s authority can't go to the phase \"%s\": its rotation is in \"%s\" (expected: %s)"
            .formatted(
                authority.type(),
                to.wireName(),
                now.wireName(),
                from(now).stream()
                    .map(RotationPhase::wireName)
                    .collect(Collectors.joining(" or "))));
  }
}
