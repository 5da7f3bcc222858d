package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.RenewHostRequest;
import dev.sallyport.control.RotateRequest;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Auth's own door in every phase: who is let in, what it shows, and what it signs with.
final class RotationTest extends OneCluster {
  private static final Duration SOON = Duration.ofSeconds(20);

  private CertAuthority step(String type, String phase) throws IOException {
    return cluster()
        .admin()
        .rotate(new RotateRequest(type, "manual", Optional.of(phase), Optional.empty()));
  }

  private CertAuthority authority(String type) throws IOException {
    return (CertAuthority) cluster().admin().get(Kind.CERT_AUTHORITY, type);
  }

  private X509Certificate active(String type) throws IOException {
    return Pem.certificate(authority(type).active().getFirst().certPem());
  }

  private TlsIdentity renewed(TlsIdentity with) throws IOException {
    var keys = KeyPairs.generate();
    var answer =
        cluster().client(with).renewHost(new RenewHostRequest(Pem.encode(keys.getPublic())));
    return new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(answer.certificate())));
  }

  /// Whether somebody who trusts only this authority takes Auth for Auth.
  private void authIsSignedBy(X509Certificate authority, boolean expected) throws IOException {
    var who =
        new IdentityFile(
            cluster().adminIdentity(), TrustBundle.ofHosts(Cluster.NAME, List.of(authority)));
    try (var client = cluster().dial(who)) {
      if (expected) {
        client.status();
      } else {
        assertThatThrownBy(client::status).hasMessageContaining("not trusted");
      }
    }
  }

  private void admitted(TlsIdentity... all) {
    for (var one : all) {
      cluster().client(one).status();
    }
  }

  private void turnedAway(TlsIdentity one) {
    assertThatThrownBy(() -> cluster().client(one).status()).isInstanceOf(ControlException.class);
  }

  @Test
  void hostsAreReissuedPhaseByPhaseAndTheOldKeyEndsAtStandby() throws Exception {
    var first = active("host");
    var agent = cluster().join(SystemRole.DB).identity();
    var oldAdmin = cluster().adminIdentity();

    var init = step("host", "init");
    var next = Pem.certificate(init.additional().getFirst().certPem());
    assertThat(init.active().getFirst().keyPem()).isEmpty();
    assertThat(cluster().admin().status().caPins())
        .containsExactly(CaPin.of(first).toString(), CaPin.of(next).toString());
    assertThat(adminFile().trust().hostAuthorities()).containsExactly(first, next);
    assertThat(cluster().join(SystemRole.DB).identity().isIssuedBy(first)).isTrue();
    assertThat(renewed(agent).isIssuedBy(first)).isTrue();
    authIsSignedBy(first, true);
    admitted(agent, oldAdmin);

    step("host", "update_clients");
    assertThat(cluster().adminIdentity().isIssuedBy(next)).isTrue();
    var joined = cluster().join(SystemRole.DB).identity();
    assertThat(joined.isIssuedBy(first)).as("a host that joins is dialled by all").isTrue();
    var renewed = renewed(agent);
    assertThat(renewed.isIssuedBy(next)).isTrue();
    authIsSignedBy(first, true);
    authIsSignedBy(next, false);
    admitted(agent, renewed, joined, oldAdmin);

    step("host", "update_servers");
    assertThat(cluster().join(SystemRole.DB).identity().isIssuedBy(next)).isTrue();
    authIsSignedBy(next, true);
    authIsSignedBy(first, false);
    admitted(agent, renewed, joined, oldAdmin);

    step("host", "standby");
    authIsSignedBy(next, true);
    admitted(renewed, cluster().adminIdentity());
    List.of(agent, joined, oldAdmin).forEach(this::turnedAway);
    assertThat(cluster().admin().status().caPins()).containsExactly(CaPin.of(next).toString());
    assertThat(authority("host").retired()).hasSize(1);
  }

  @Test
  void usersOfTheOldKeyAreLetInUntilStandby() throws Exception {
    cluster().admin().create(Cluster.devRole("dev"), false);
    cluster().user("alice", "dev");
    var first = active("user");
    var before = cluster().signIn("alice");
    var init = step("user", "init");
    var next = Pem.certificate(init.additional().getFirst().certPem());
    assertThat(cluster().signIn("alice").isIssuedBy(first)).isTrue();
    step("user", "update_clients");
    var after = cluster().signIn("alice");
    assertThat(after.isIssuedBy(next)).isTrue();
    step("user", "update_servers");
    admitted(before, after);
    step("user", "standby");
    admitted(after);
    turnedAway(before);
    assertThat(authority("host").rotation().lastRotated()).as("the other one").isEmpty();
  }

  @Test
  void aRollbackGoesBackToTheOldKey() throws Exception {
    var first = active("host");
    var agent = cluster().join(SystemRole.DB).identity();
    step("host", "init");
    step("host", "update_clients");
    step("host", "update_servers");
    var renewed = renewed(agent);
    step("host", "rollback");
    authIsSignedBy(first, true);
    admitted(agent, renewed);
    var back = renewed(renewed);
    assertThat(back.isIssuedBy(first)).isTrue();
    step("host", "standby");
    admitted(back, cluster().adminIdentity());
    turnedAway(renewed);
    assertThat(authority("host").rotation().lastRotated()).isEmpty();
    step("host", "init");
  }

  @Test
  void aRestartInTheMiddleOfAPhaseGoesOnInIt() throws Exception {
    var first = active("host");
    var agent = cluster().join(SystemRole.DB).identity();
    step("host", "init");
    step("host", "update_clients");
    var renewed = renewed(agent);
    cluster().restart();
    authIsSignedBy(first, true);
    admitted(agent, renewed);
    assertThat(authority("host").rotation().phase()).isEqualTo(RotationPhase.UPDATE_CLIENTS);
    step("host", "update_servers");
    cluster().restart();
    step("host", "standby");
    admitted(renewed);
    turnedAway(agent);
  }

  @Test
  void whatCanNotBeTheNextStepIsRefusedInWords() throws Exception {
    assertThatThrownBy(() -> step("host", "standby"))
        .hasMessageContaining(
            "the host authority can't go to the phase \"standby\": its rotation is in \"standby\""
                + " (expected: init)");
    assertThatThrownBy(() -> step("db", "init"))
        .hasMessageContaining(
            "there is no authority of the type \"db\" here (expected: user, host)");
    assertThatThrownBy(() -> step("host", "begin"))
        .hasMessageContaining("\"begin\" is not a phase of a rotation");
    refused(() -> auto(Optional.of(Duration.ofMinutes(29))), ErrorKind.BAD_PARAMETER);
    refused(() -> auto(Optional.of(Duration.ofDays(366))), ErrorKind.BAD_PARAMETER);
    auto(Optional.empty());
    refused(() -> auto(Optional.empty()), ErrorKind.BAD_PARAMETER);
    assertThatThrownBy(() -> step("host", "update_clients"))
        .hasMessageContaining("by hand it can only be rolled back");
    step("host", "rollback");
    step("host", "standby");
  }

  @Test
  void onlyWhoseRulesSaySoMayRotate() throws Exception {
    cluster().user("ed", "editor");
    var editor = cluster().client(cluster().signIn("ed"));
    refused(
        () ->
            editor.rotate(
                new RotateRequest("host", "manual", Optional.of("init"), Optional.empty())),
        ErrorKind.ACCESS_DENIED);
  }

  @Test
  void oneThatGoesByItselfTakesEachStepAtItsTime() throws Exception {
    auto(Optional.of(Duration.ofHours(3)));
    var agent = cluster().join(SystemRole.DB).identity();
    for (var phase : List.of("update_clients", "update_servers", "standby")) {
      cluster().pass(Duration.ofHours(1));
      await()
          .atMost(SOON)
          .until(() -> authority("host").rotation().phase().wireName().equals(phase));
      if (phase.equals("update_clients")) {
        agent = renewed(agent);
      }
      admitted(agent);
    }
    assertThat(log())
        .contains("\"event\":\"cert_authority.rotate\"", "\"phase\":\"update_servers\"")
        .contains("\"code\":\"TCA00I\"");
  }

  @Test
  void theServicesOwnCertificatesAreRenewedAheadOfTheirEnd() throws Exception {
    var admin = cluster().adminIdentity();
    cluster().pass(Duration.ofDays(61));
    await().atMost(SOON).until(() -> !cluster().adminIdentity().equals(admin));
    admitted(admin, cluster().adminIdentity());
    cluster().pass(Duration.ofDays(30));
    admitted(cluster().adminIdentity());
    turnedAway(admin);
  }

  private void auto(Optional<Duration> grace) {
    try {
      cluster().admin().rotate(new RotateRequest("host", "auto", Optional.empty(), grace));
    } catch (IOException e) {
      throw new ControlException(ErrorKind.INTERNAL, "unexpected", e);
    }
  }

  private IdentityFile adminFile() throws IOException {
    return IdentityFile.read(folder.resolve("admin.pem"));
  }

  private String log() {
    return Recorded.in(folder);
  }
}
