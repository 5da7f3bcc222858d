package dev.sallyport.auth.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.control.ControlException;
import dev.sallyport.model.CaRotation;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.CertAuthority.KeyPair;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.RotationMode;
import dev.sallyport.model.RotationPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The whole state machine: every step from every phase, and what signs and is trusted in each.
final class RotationStepsTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final Duration GRACE = Duration.ofHours(30);
  private static final KeyPair OLD = new KeyPair("old", Optional.empty());
  private static final KeyPair NEW = new KeyPair("new", Optional.empty());

  private static CertAuthority never() {
    return new CertAuthority(
        Metadata.named("host"), "host", "example.com", List.of(OLD), List.of());
  }

  private static CertAuthority begun(Optional<Duration> grace) {
    return RotationSteps.begin(never(), NEW, "id-1", grace, NOW);
  }

  private static CertAuthority go(CertAuthority from, RotationPhase to) {
    return RotationSteps.go(from, to, NOW);
  }

  /// One in that phase, by the shortest way.
  private static CertAuthority in(RotationPhase phase) {
    return switch (phase) {
      case STANDBY -> never();
      case INIT -> begun(Optional.empty());
      case UPDATE_CLIENTS -> go(in(RotationPhase.INIT), phase);
      case UPDATE_SERVERS, ROLLBACK -> go(in(RotationPhase.UPDATE_CLIENTS), phase);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "STANDBY,INIT,old,new",
    "STANDBY,UPDATE_CLIENTS,,",
    "STANDBY,UPDATE_SERVERS,,",
    "STANDBY,STANDBY,,",
    "STANDBY,ROLLBACK,,",
    "INIT,INIT,,",
    "INIT,UPDATE_CLIENTS,new,old",
    "INIT,UPDATE_SERVERS,,",
    "INIT,STANDBY,,",
    "INIT,ROLLBACK,old,new",
    "UPDATE_CLIENTS,INIT,,",
    "UPDATE_CLIENTS,UPDATE_CLIENTS,,",
    "UPDATE_CLIENTS,UPDATE_SERVERS,new,old",
    "UPDATE_CLIENTS,STANDBY,,",
    "UPDATE_CLIENTS,ROLLBACK,old,new",
    "UPDATE_SERVERS,INIT,,",
    "UPDATE_SERVERS,UPDATE_CLIENTS,,",
    "UPDATE_SERVERS,UPDATE_SERVERS,,",
    "UPDATE_SERVERS,STANDBY,new,-",
    "UPDATE_SERVERS,ROLLBACK,old,new",
    "ROLLBACK,INIT,,",
    "ROLLBACK,UPDATE_CLIENTS,,",
    "ROLLBACK,UPDATE_SERVERS,,",
    "ROLLBACK,STANDBY,old,-",
    "ROLLBACK,ROLLBACK,,",
  })
  void everyStepFromEveryPhase(
      RotationPhase from, RotationPhase to, @Nullable String signs, @Nullable String trustedToo) {
    var authority = in(from);
    if (signs == null) {
      assertThatThrownBy(
              () -> {
                if (to == RotationPhase.INIT) {
                  RotationSteps.begin(authority, NEW, "id-2", Optional.empty(), NOW);
                } else {
                  go(authority, to);
                }
              })
          .isInstanceOf(ControlException.class)
          .hasMessageContaining("the host authority can't go to the phase \"" + to.wireName())
          .hasMessageContaining("its rotation is in \"" + from.wireName());
      return;
    }
    var after = to == RotationPhase.INIT ? begun(Optional.empty()) : go(authority, to);
    assertThat(after.rotation().phase()).isEqualTo(to);
    assertThat(after.active()).extracting(KeyPair::certPem).containsExactly(signs);
    assertThat(after.additional())
        .extracting(KeyPair::certPem)
        .isEqualTo("-".equals(trustedToo) ? List.of() : List.of(String.valueOf(trustedToo)));
  }

  @Test
  void theEndRetiresTheOtherKeyAndOnlyAnUpgradeCountsAsRotated() {
    var done = go(in(RotationPhase.UPDATE_SERVERS), RotationPhase.STANDBY);
    assertThat(done.retired()).containsExactly(new CertAuthority.Retired("old", NOW));
    assertThat(done.rotation().lastRotated()).contains(NOW);
    assertThat(done.rotation().current()).isEmpty();
    var back = go(in(RotationPhase.ROLLBACK), RotationPhase.STANDBY);
    assertThat(back.retired()).containsExactly(new CertAuthority.Retired("new", NOW));
    assertThat(back.rotation()).isEqualTo(CaRotation.NEVER);
  }

  @Test
  void aScheduleTakesEachStepAtItsTimeAndNotBefore() {
    var authority = begun(Optional.of(GRACE));
    var at = NOW;
    for (var phase :
        List.of(
            RotationPhase.UPDATE_CLIENTS, RotationPhase.UPDATE_SERVERS, RotationPhase.STANDBY)) {
      at = at.plus(Duration.ofHours(10));
      assertThat(RotationSteps.due(authority, at.minusMillis(1))).isEmpty();
      assertThat(RotationSteps.due(authority, at)).contains(phase);
      authority = RotationSteps.goByClock(authority, phase, at);
    }
    assertThat(authority.rotation().lastRotated()).contains(NOW.plus(GRACE));
    assertThat(RotationSteps.due(authority, at.plus(GRACE))).isEmpty();
  }

  @Test
  void aStepThatComesLatePutsOffTheNextOnes() {
    var late = NOW.plus(Duration.ofHours(100));
    var clients =
        RotationSteps.goByClock(begun(Optional.of(GRACE)), RotationPhase.UPDATE_CLIENTS, late);
    assertThat(RotationSteps.due(clients, late)).isEmpty();
    var next = late.plus(Duration.ofHours(10));
    assertThat(RotationSteps.due(clients, next)).contains(RotationPhase.UPDATE_SERVERS);
    var servers = RotationSteps.goByClock(clients, RotationPhase.UPDATE_SERVERS, next);
    assertThat(RotationSteps.due(servers, next.plus(Duration.ofHours(10))))
        .contains(RotationPhase.STANDBY);
  }

  @Test
  void aRollbackIsTakenByHandFromThenOn() {
    var back = go(begun(Optional.of(GRACE)), RotationPhase.ROLLBACK);
    assertThat(back.rotation().current().orElseThrow().mode()).isEqualTo(RotationMode.MANUAL);
    assertThat(RotationSteps.due(back, NOW.plus(GRACE.multipliedBy(2)))).isEmpty();
  }
}
