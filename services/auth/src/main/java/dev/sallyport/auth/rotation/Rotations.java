package dev.sallyport.auth.rotation;

import dev.sallyport.auth.access.Caller;
import dev.sallyport.auth.audit.AuditTrail;
import dev.sallyport.auth.state.Authorities;
import dev.sallyport.auth.state.ResourceState;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.RotateRequest;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.RotationMode;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.pki.CaKind;
import dev.sallyport.store.CommitResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the steps of changing authorities' keys: on an administrator's word, or by the clock. Each
/// step is one commit with its audit event, so a restart goes on where it was.
public final class Rotations {
  /// The time until the end of a rotation that goes on by itself, unless told otherwise.
  public static final Duration GRACE_USUAL = Duration.ofDays(2);

  /// The shortest: hosts and open tunnels learn of a phase within 5 minutes.
  public static final Duration GRACE_MIN = Duration.ofMinutes(30);

  /// The longest.
  public static final Duration GRACE_MAX = Duration.ofDays(365);

  private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);

  private final Authorities authorities;
  private final AuditTrail audit;
  private final InstantSource clock;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  public Rotations(Authorities authorities, AuditTrail audit, InstantSource clock) {
    this.authorities = authorities;
    this.audit = audit;
    this.clock = clock;
  }

  /// Calls this after each step, before the one who asked for it is answered.
  public void whenStepped(Runnable listener) {
    listeners.add(listener);
  }

  /// Does what an administrator asks for.
  ///
  /// @return the authority as it is now, without its keys
  /// @throws ControlException of kind BAD_PARAMETER if that can't be the next step
  public CertAuthority rotate(Caller caller, RotateRequest request) {
    var kind = kind(request.type());
    var mode =
        RotationMode.parse(request.mode())
            .orElseThrow(
                () -> bad("mode: \"%s\" (expected: manual or auto)".formatted(request.mode())));
    var phase = request.phase().map(Rotations::phase).orElse(RotationPhase.INIT);
    var grace = grace(mode, request.gracePeriod());
    if (mode == RotationMode.AUTO && phase != RotationPhase.INIT) {
      throw bad(
          "a rotation that goes on by itself takes its phases itself: leave out the phase, or set"
              + " it by hand with --manual");
    }
    synchronized (this) {
      var now = authorities.resource(kind);
      if (phase == RotationPhase.INIT) {
        var id = UUID.randomUUID().toString();
        return step(
            Optional.of(caller),
            now,
            RotationSteps.begin(now, authorities.newKey(kind), id, grace, clock.instant()));
      }
      if (isByItself(now) && phase != RotationPhase.ROLLBACK) {
        throw bad(
            "the rotation of the %s authority goes on by itself; by hand it can only be rolled back"
                .formatted(now.type()));
      }
      return step(Optional.of(caller), now, RotationSteps.go(now, phase, clock.instant()));
    }
  }

  /// Takes the steps that are due by their schedule, one for each authority.
  public void advance() {
    for (var kind : CaKind.values()) {
      synchronized (this) {
        var now = authorities.resource(kind);
        RotationSteps.due(now, clock.instant())
            .ifPresent(phase -> {
              audit.requireReady();
              step(Optional.empty(), now, RotationSteps.goByClock(now, phase, clock.instant()));
            });
      }
    }
  }

  private CertAuthority step(Optional<Caller> caller, CertAuthority before, CertAuthority after) {
    var result =
        audit.commit(
            List.of(ResourceState.put(after, ResourceState.unchanged(before))),
            List.of(audit.rotated(caller, after)));
    if (result instanceof CommitResult.Conflict) {
      throw new ControlException(
          ErrorKind.COMPARE_FAILED,
          "the %s authority was changed by somebody else just now; try again"
              .formatted(before.type()));
    }
    authorities.refresh();
    LOG.atInfo()
        .addKeyValue("authority", after.type())
        .addKeyValue("phase", after.rotation().phase().wireName())
        .log("an authority's rotation went on");
    listeners.forEach(Runnable::run);
    return after.withoutSecrets();
  }

  private static boolean isByItself(CertAuthority authority) {
    return authority
        .rotation()
        .current()
        .filter(current -> current.mode() == RotationMode.AUTO)
        .isPresent();
  }

  private static Optional<Duration> grace(RotationMode mode, Optional<Duration> wanted) {
    if (mode == RotationMode.MANUAL) {
      if (wanted.isPresent()) {
        throw bad("a grace period is for a rotation that goes on by itself, not for --manual");
      }
      return Optional.empty();
    }
    var grace = wanted.orElse(GRACE_USUAL);
    if (grace.compareTo(GRACE_MIN) < 0 || grace.compareTo(GRACE_MAX) > 0) {
      throw bad(
          "grace period: %d minutes (expected: 30 minutes to 365 days, so that hosts and tunnels can"
                  .formatted(grace.toMinutes())
              + " follow each phase; to go faster, use --manual)");
    }
    return Optional.of(grace);
  }

  private static CaKind kind(String type) {
    return CaKind.parse(type)
        .orElseThrow(() ->
            bad(
                "there is no authority of the type \"%s\" here (expected: %s)"
                    .formatted(type, names(Arrays.stream(CaKind.values()).map(CaKind::wireName)))));
  }

  private static RotationPhase phase(String text) {
    return RotationPhase.parse(text)
        .orElseThrow(() ->
            bad(
                "\"%s\" is not a phase of a rotation (expected: %s)"
                    .formatted(
                        text,
                        names(
                            Arrays.stream(RotationPhase.values()).map(RotationPhase::wireName)))));
  }

  private static String names(java.util.stream.Stream<String> names) {
    return names.collect(Collectors.joining(", "));
  }

  private static ControlException bad(String message) {
    return new ControlException(ErrorKind.BAD_PARAMETER, message);
  }
}
