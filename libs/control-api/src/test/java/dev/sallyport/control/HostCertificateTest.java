package dev.sallyport.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.CaRotation;
import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.HostIdentity;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.RotationMode;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.resources.ResourceJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When a host's certificates are replaced, by what, and what is believed of Auth's answer.
final class HostCertificateTest {
  private static final Duration LIFE = Duration.ofDays(90);
  private static final HostIdentity HOST =
      new HostIdentity(TlsRig.CLUSTER, "host-1", SystemRole.DB);

  private final TlsRig rig = new TlsRig();
  private Instant now = rig.clock.instant();
  private final CertificateAuthority next =
      CertificateAuthority.create(CaKind.HOST, TlsRig.CLUSTER, () -> now, new SecureRandom());
  private final TlsIdentity first = issued(rig.hosts, HOST);
  private final List<HostCertificate.Shown> kept = new ArrayList<>();
  private final HostCertificate certificate =
      new HostCertificate(HOST, HostCertificate.Shown.both(first), () -> now, new Random(1));
  private final ClusterView view =
      new ClusterView(
          new TrustBundle(
              TlsRig.CLUSTER, List.of(), List.of(rig.hosts.certificate(), next.certificate())),
          () -> now);

  @AfterEach
  void close() {
    rig.close();
  }

  private TlsIdentity issued(CertificateAuthority by, HostIdentity host) {
    var keys = KeyPairs.generate();
    return new TlsIdentity(
        keys.getPrivate(),
        List.of(by.issueHost(host, keys.getPublic(), Set.of(), Set.of(), now.plus(LIFE))));
  }

  private CertAuthority authority(RotationPhase phase, CertificateAuthority active) {
    var other = active.equals(next) ? rig.hosts : next;
    var current =
        new CaRotation.Current(
            "id-1", RotationMode.MANUAL, now, Optional.empty(), Optional.empty());
    var standby = phase == RotationPhase.STANDBY;
    return new CertAuthority(
        Metadata.named("host"),
        "host",
        TlsRig.CLUSTER,
        List.of(pair(active)),
        standby ? List.of() : List.of(pair(other)),
        new CaRotation(phase, standby ? Optional.empty() : Optional.of(current), Optional.empty()),
        List.of());
  }

  private static CertAuthority.KeyPair pair(CertificateAuthority authority) {
    return new CertAuthority.KeyPair(authority.certificatePem(), Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    // the phase, whether the dialling and the listening side are signed by what is active,
    // the part of life that is over; whether to renew, whether the listening side follows
    "STANDBY,true,true,0,false,false",
    "STANDBY,true,true,59,false,false",
    "STANDBY,true,true,66,true,false",
    "INIT,true,true,0,false,false",
    "UPDATE_CLIENTS,false,false,0,true,false",
    "UPDATE_CLIENTS,true,false,0,false,false",
    "UPDATE_CLIENTS,true,false,86,true,true",
    "UPDATE_SERVERS,true,false,0,false,true",
    "UPDATE_SERVERS,false,false,0,true,false",
    "UPDATE_SERVERS,true,true,0,false,false",
    "ROLLBACK,false,false,0,true,false",
    "ROLLBACK,true,false,0,false,true",
    "STANDBY,true,false,0,false,true",
  })
  void whatIsDue(
      RotationPhase phase,
      boolean clientIsNew,
      boolean serverIsNew,
      int partOfLife,
      boolean renews,
      boolean follows)
      throws IOException {
    var active = phase == RotationPhase.INIT ? rig.hosts : next;
    var old = active.equals(next) ? rig.hosts : next;
    var client = issued(clientIsNew ? active : old, HOST);
    var server = serverIsNew == clientIsNew ? client : issued(serverIsNew ? active : old, HOST);
    var plan =
        RenewalPlan.of(
            new HostCertificate.Shown(client, server),
            Optional.of(authority(phase, active)),
            now.plus(LIFE.multipliedBy(partOfLife).dividedBy(100)),
            0.5);
    assertThat(plan).isEqualTo(new RenewalPlan(renews, follows));
  }

  @Test
  void beforeAuthWasHeardOnlyTheEndOfLifeCounts() throws IOException {
    var shown = HostCertificate.Shown.both(first);
    assertThat(RenewalPlan.of(shown, Optional.empty(), now, 1))
        .isEqualTo(new RenewalPlan(false, false));
    assertThat(RenewalPlan.of(shown, Optional.empty(), now.plus(Duration.ofDays(63)), 1).renew())
        .isTrue();
  }

  @Test
  void renewalsOfManyHostsAreSpread() throws IOException {
    var shown = HostCertificate.Shown.both(first);
    var at = now.plus(Duration.ofDays(58));
    assertThat(RenewalPlan.of(shown, Optional.empty(), at, 0).renew()).isTrue();
    assertThat(RenewalPlan.of(shown, Optional.empty(), at, 1).renew()).isFalse();
  }

  /// Auth answers with what `by` signs for `host`.
  private ControlClient auth(CertificateAuthority by, HostIdentity host) throws Exception {
    var endpoint =
        rig.serve(
            rig.host(SystemRole.AUTH),
            true,
            ControlClient.ALPN,
            exchange -> {
              var request =
                  ControlJson.request(
                      exchange.getRequestBody().readAllBytes(), RenewHostRequest.class);
              var leaf =
                  by.issueHost(
                      host, Pem.publicKey(request.publicKey()), Set.of(), Set.of(), now.plus(LIFE));
              TlsRig.answer(
                  exchange,
                  200,
                  new String(
                      ControlJson.bytes(
                          new HostCert(
                              Pem.encode(leaf), by.certificatePem(), Trust.of(view.trust()))),
                      StandardCharsets.UTF_8));
            });
    return rig.client(endpoint);
  }

  private void heard(RotationPhase phase, CertificateAuthority active) {
    view.take(
        WatchEvent.put("cert_authority", "host", 1, ResourceJson.toJson(authority(phase, active))));
  }

  @Test
  void theDiallingSideGoesFirstAndTheListeningSideFollowsInItsPhase() throws Exception {
    var told = new ArrayList<Optional<RotationPhase>>();
    certificate.whenChanged(() -> told.add(certificate.reached()));
    try (var control = auth(next, HOST)) {
      heard(RotationPhase.INIT, rig.hosts);
      certificate.look(control, view, kept::add);
      assertThat(certificate.shown()).isEqualTo(HostCertificate.Shown.both(first));

      heard(RotationPhase.UPDATE_CLIENTS, next);
      certificate.look(control, view, kept::add);
      assertThat(certificate.client().isIssuedBy(next.certificate())).isTrue();
      assertThat(certificate.client().leaf().getPublicKey())
          .isNotEqualTo(first.leaf().getPublicKey());
      assertThat(certificate.server()).isEqualTo(first);

      heard(RotationPhase.UPDATE_SERVERS, next);
      certificate.look(control, view, kept::add);
      assertThat(certificate.server()).isEqualTo(certificate.client());
      assertThat(certificate.reached()).contains(RotationPhase.UPDATE_SERVERS);
      assertThat(kept).hasSize(2).last().isEqualTo(certificate.shown());
      assertThat(told)
          .containsSubsequence(
              Optional.of(RotationPhase.INIT),
              Optional.of(RotationPhase.UPDATE_CLIENTS),
              Optional.of(RotationPhase.UPDATE_SERVERS));
    }
  }

  @Test
  void aDiskThatIsFullDoesNotKeepItFromBeingRenewed() throws Exception {
    now = now.plus(Duration.ofDays(63));
    try (var control = auth(rig.hosts, HOST)) {
      certificate.look(
          control,
          view,
          _ -> {
            throw new IOException("no space left");
          });
    }
    assertThat(certificate.client()).isNotEqualTo(first);
  }

  @Test
  void anAnswerThatNamesSomebodyElseIsNotTaken() throws Exception {
    now = now.plus(Duration.ofDays(63));
    for (var other :
        List.of(
            new HostIdentity(TlsRig.CLUSTER, "host-2", SystemRole.DB),
            new HostIdentity(TlsRig.CLUSTER, "host-1", SystemRole.PROXY))) {
      try (var control = auth(rig.hosts, other)) {
        assertThatThrownBy(() -> certificate.look(control, view, kept::add))
            .isInstanceOf(IOException.class);
      }
      rig.close();
    }
    assertThat(certificate.shown()).isEqualTo(HostCertificate.Shown.both(first));
    assertThat(kept).isEmpty();
  }
}
