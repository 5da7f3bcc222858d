package dev.sallyport.tctl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.control.RotateRequest;
import dev.sallyport.model.CaRotation;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.RotationMode;
import dev.sallyport.model.RotationPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What `tctl auth rotate` asks for and says, and how `tctl status` shows what became of it.
final class AuthRotateCommandTest extends TctlRig {
  private static final Instant ROTATED = Instant.parse("2025-04-04T10:14:51Z");

  @Test
  void aStepByHandIsAskedForAndTold() {
    for (var phase : List.of("init", "update_clients", "update_servers", "rollback")) {
      assertThat(tctl("auth", "rotate", "--manual", "--type=user", "--phase=" + phase)).isZero();
      assertThat(out())
          .isEqualTo(
              "Updated rotation phase to \"%s\". To check status use 'tctl status'\n"
                  .formatted(phase));
      assertThat(cluster.rotated)
          .contains(new RotateRequest("user", "manual", Optional.of(phase), Optional.empty()));
    }
    assertThat(tctl("auth", "rotate", "--manual", "--phase=standby")).isEqualTo(1);
    assertThat(err()).isEqualTo("ERROR: not yet\n\n");
  }

  @Test
  void oneThatGoesByItselfHasAGracePeriod() {
    assertThat(tctl("auth", "rotate", "--type=host")).isZero();
    assertThat(out())
        .isEqualTo("Initiated certificate authority rotation. To check status use 'tctl status'\n");
    assertThat(cluster.rotated)
        .contains(new RotateRequest("host", "auto", Optional.empty(), Optional.empty()));
    assertThat(tctl("auth", "rotate", "--grace-period=10h")).isZero();
    assertThat(cluster.rotated)
        .contains(
            new RotateRequest("host", "auto", Optional.empty(), Optional.of(Duration.ofHours(10))));
    assertThat(tctl("auth", "rotate", "--grace-period=soon")).isEqualTo(1);
    assertThat(err()).contains("--grace-period: \"soon\"");
  }

  @Test
  void nothingBeginsByAccident() {
    assertThat(tctl("auth", "rotate")).isEqualTo(1);
    assertThat(err()).contains("--type=host or --type=user");
    assertThat(cluster.rotated).isEmpty();
  }

  @Test
  void statusShowsHowFarItIs() {
    var pair = new CertAuthority.KeyPair("cert", Optional.empty());
    var current =
        new CaRotation.Current(
            "id-1", RotationMode.MANUAL, ROTATED, Optional.empty(), Optional.empty());
    cluster.put(
        new CertAuthority(
            Metadata.named("host"),
            "host",
            "example.com",
            List.of(pair),
            List.of(pair),
            new CaRotation(RotationPhase.INIT, Optional.of(current), Optional.empty()),
            List.of()));
    cluster.put(
        new CertAuthority(
            Metadata.named("user"),
            "user",
            "example.com",
            List.of(pair),
            List.of(),
            new CaRotation(RotationPhase.STANDBY, Optional.empty(), Optional.of(ROTATED)),
            List.of()));
    tctl("status");
    assertThat(out())
        .contains(
            "host      in progress (mode: manual, phase: init)         TLS      active  ECDSA",
            "host      in progress (mode: manual, phase: init)         TLS      trusted ECDSA",
            "user      standby (last rotated: Apr 4 2025 10:14:51 UTC) TLS      active  ECDSA");
    tctl("status", "--format=json");
    assertThat(out())
        .contains("\"phase\": \"init\"", "\"current_id\": \"id-1\"", "\"status\": \"trusted\"")
        .contains("\"last_rotated\": \"2025-04-04T10:14:51Z\"");
  }
}
