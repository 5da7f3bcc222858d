package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.RenewHostRequest;
import dev.sallyport.model.Lock;
import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockTarget;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.ClaimedIdentity;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A host renews its certificate with the one that it has: it stays who it is, and who was put out
/// stays out.
final class HostRenewalTest extends OneCluster {
  private TlsIdentity renew(TlsIdentity with) throws IOException {
    var keys = KeyPairs.generate();
    var answer =
        cluster().client(with).renewHost(new RenewHostRequest(Pem.encode(keys.getPublic())));
    assertThat(answer.trust().userCas()).hasSize(1);
    return new TlsIdentity(keys.getPrivate(), List.of(Pem.certificate(answer.certificate())));
  }

  @Test
  void theRenewedCertificateNamesTheSameHostForAnotherKeyAndLastsAnew() throws Exception {
    var first = cluster().join(SystemRole.DB, "orders").identity();
    cluster().pass(Duration.ofDays(60));
    var second = renew(first);
    assertThat(ClaimedIdentity.of(second.leaf()).identity())
        .isEqualTo(ClaimedIdentity.of(first.leaf()).identity());
    assertThat(List.copyOf(second.leaf().getSubjectAlternativeNames()))
        .isEqualTo(List.copyOf(first.leaf().getSubjectAlternativeNames()));
    assertThat(second.leaf().getPublicKey()).isNotEqualTo(first.leaf().getPublicKey());
    cluster().pass(Duration.ofDays(60));
    // Auth replaces its own, which ended too, within a second.
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThatCode(() -> cluster().client(second).status()).doesNotThrowAnyException());
    assertThatThrownBy(() -> cluster().client(first).status()).isInstanceOf(ControlException.class);
    cluster().client(second).heartbeat(Cluster.heartbeat(Cluster.database("orders", "dev")));
    refused(
        () ->
            cluster()
                .client(second)
                .heartbeat(Cluster.heartbeat(Cluster.database("secrets", "dev"))),
        ErrorKind.ACCESS_DENIED);
  }

  @Test
  void aProxyKeepsItsNamesAndAddresses() throws Exception {
    var first =
        cluster()
            .auth()
            .localHostIdentity(SystemRole.PROXY, java.util.Set.of("localhost", "192.0.2.7"));
    var second = renew(first.identity());
    assertThat(List.copyOf(second.leaf().getSubjectAlternativeNames()))
        .containsExactlyInAnyOrderElementsOf(first.identity().leaf().getSubjectAlternativeNames());
  }

  @Test
  void theOneBeforeCountsUntilTheNextRenewalSoALostAnswerLosesNobody() throws Exception {
    var first = cluster().join(SystemRole.DB).identity();
    var lost = renew(first);
    var second = renew(first);
    cluster().client(second).status();
    cluster().client(first).status();
    refused(() -> cluster().client(lost).status(), ErrorKind.ACCESS_DENIED);
    var third = renew(second);
    cluster().client(third).status();
    cluster().client(second).status();
    refused(() -> cluster().client(first).status(), ErrorKind.ACCESS_DENIED);
  }

  @Test
  void aLockedHostAndOneThatWasPutOutDoNotRenew() throws Exception {
    var locked = cluster().join(SystemRole.DB);
    var target = new LockTarget(Map.of(LockPart.SERVER_ID, locked.hostId()));
    cluster().admin().create(Lock.of("l1", target), false);
    refused(() -> renewed(locked.identity()), ErrorKind.ACCESS_DENIED);
    var stranger = cluster().signIn(user());
    refused(() -> renewed(stranger), ErrorKind.ACCESS_DENIED);
    refused(() -> renewed(cluster().adminIdentity()), ErrorKind.ACCESS_DENIED);
  }

  @Test
  void onlyANewKeyIsCertifiedAndItIsOnRecord() throws Exception {
    var host = cluster().join(SystemRole.DB).identity();
    var same = new RenewHostRequest(Pem.encode(host.leaf().getPublicKey()));
    refused(() -> cluster().client(host).renewHost(same), ErrorKind.BAD_PARAMETER);
    refused(
        () -> cluster().client(host).renewHost(new RenewHostRequest("no key")),
        ErrorKind.BAD_PARAMETER);
    assertThat(log()).doesNotContain("\"cert_type\":\"host\"");
    renew(host);
    assertThat(log()).contains("\"cert_type\":\"host\"");
  }

  private String user() throws IOException {
    cluster().admin().create(Cluster.devRole("dev"), false);
    cluster().user("alice", "dev");
    return "alice";
  }

  private void renewed(TlsIdentity with) {
    try {
      renew(with);
    } catch (IOException e) {
      throw new ControlException(ErrorKind.INTERNAL, "unexpected", e);
    }
  }

  private String log() {
    return Recorded.in(folder);
  }
}
