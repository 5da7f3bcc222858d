package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.SystemRole;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;

/// Every kind of certificate is shown to every kind of peer in real handshakes: only those pass
/// that are meant to.
class PeerTrustTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Cluster OURS = new Cluster("example.com", CLOCK);
  private static final Cluster NAMESAKE = new Cluster("example.com", CLOCK);
  private static final String AGENT = "agent-1";

  /// Who may come, by name.
  private static Map<String, TlsIdentity> everybody() {
    var all = new LinkedHashMap<String, TlsIdentity>();
    all.put("user", OURS.user());
    all.put("web session", OURS.webSession());
    for (var role : SystemRole.values()) {
      all.put(role.wireName(), OURS.host(role, AGENT));
    }
    all.put("another agent", OURS.host(SystemRole.DB, "agent-2"));
    all.put("namesake's user", NAMESAKE.user());
    all.put("namesake's Auth", NAMESAKE.host(SystemRole.AUTH));
    all.put("namesake's Proxy", NAMESAKE.host(SystemRole.PROXY));
    all.put("namesake's Db", NAMESAKE.host(SystemRole.DB, AGENT));
    return all;
  }

  @Test
  void eachListenerTakesOnlyItsOwnClients() {
    var verifier = OURS.verifier();
    var db = Set.of(SystemRole.DB);
    clients(PeerTrust.users(verifier), "user");
    clients(PeerTrust.hosts(verifier, db, host -> true), "Db", "another agent");
    clients(PeerTrust.hosts(verifier, db, host -> host.identity().hostId().equals(AGENT)), "Db");
    clients(
        PeerTrust.clients(verifier, EnumSet.of(SystemRole.ADMIN)), "user", "web session", "Admin");
    clients(PeerTrust.server(verifier, SystemRole.AUTH, "auth.example.com"));
    clients(PeerTrust.pinnedProxy(pins(OURS), CLOCK));
    clients(PeerTrust.insecure());
  }

  @Test
  void eachClientTakesOnlyItsOwnServer() {
    var verifier = OURS.verifier();
    servers(PeerTrust.server(verifier, SystemRole.AUTH, "auth.example.com"), "Auth");
    servers(PeerTrust.server(verifier, SystemRole.PROXY, "proxy.example.com"), "Proxy");
    servers(PeerTrust.server(verifier, SystemRole.PROXY, "auth.example.com"));
    servers(PeerTrust.server(verifier, SystemRole.DB, AGENT + ".example.com"), "Db");
    servers(
        PeerTrust.hosts(
            verifier, Set.of(SystemRole.DB), host -> host.identity().hostId().equals("agent-2")),
        "another agent");
    servers(PeerTrust.pinnedProxy(pins(OURS), CLOCK), "Proxy");
    servers(PeerTrust.pinnedProxy(pins(NAMESAKE), CLOCK), "namesake's Proxy");
    servers(PeerTrust.web(system(), Optional.of(verifier), "anything.example.com"), "Proxy");
    servers(PeerTrust.web(system(), Optional.empty(), "proxy.example.com"));
    servers(PeerTrust.users(verifier));
  }

  @Test
  void aPinOfAnotherAuthorityOrOfALeafOpensNothing() throws Exception {
    var proxy = OURS.host(SystemRole.PROXY);
    for (var pin : List.of(CaPin.of(OURS.users.certificate()), CaPin.of(proxy.leaf()))) {
      assertThat(Handshake.succeeds(proxy, PeerTrust.pinnedProxy(Set.of(pin), CLOCK))).isFalse();
    }
    assertThat(Handshake.succeeds(proxy, PeerTrust.pinnedProxy(Set.of(), CLOCK))).isFalse();
    // The pinned authority stands there, but somebody else's signed the leaf.
    var other = NAMESAKE.host(SystemRole.PROXY);
    var borrowed = new TlsIdentity(other.key(), List.of(other.leaf(), OURS.hosts.certificate()));
    assertThat(Handshake.succeeds(borrowed, PeerTrust.pinnedProxy(pins(OURS), CLOCK))).isFalse();
  }

  @Test
  void insecureTakesAnyServer() {
    for (var peer : everybody().values()) {
      assertThat(Handshake.succeeds(peer, PeerTrust.insecure())).isTrue();
    }
  }

  @Test
  void nothingDependsOnEngineOrKindOfHandshake() throws Exception {
    var manager = PeerTrust.users(OURS.verifier());
    var user = OURS.user().chain().toArray(X509Certificate[]::new);
    manager.checkClientTrusted(user, "UNKNOWN", (SSLEngine) null);
    manager.checkClientTrusted(user, "GENERIC");
    var host = OURS.host(SystemRole.AUTH).chain().toArray(X509Certificate[]::new);
    var server = PeerTrust.server(OURS.verifier(), SystemRole.AUTH, "auth.example.com");
    server.checkServerTrusted(host, "", (SSLEngine) null);
    assertThatThrownBy(() -> server.checkClientTrusted(host, "UNKNOWN", (SSLEngine) null))
        .isInstanceOf(PeerRefused.class);
    for (var none : new X509Certificate[][] {{}, null}) {
      assertThatThrownBy(() -> server.checkServerTrusted(none, "UNKNOWN", (SSLEngine) null))
          .isInstanceOf(PeerRefused.class)
          .hasMessageContaining("no certificate");
    }
    assertThat(manager.getAcceptedIssuers()).isEmpty();
  }

  @Test
  void aPublicCertificateCountsForItsNameAlone() throws Exception {
    // Any authority will do as a public one; its leaf is for proxy.example.com.
    var proxy = NAMESAKE.host(SystemRole.PROXY);
    var trust = SystemTrust.of(List.of(NAMESAKE.hosts.certificate()));
    assertThat(
            Handshake.succeeds(proxy, PeerTrust.web(trust, Optional.empty(), "proxy.example.com")))
        .isTrue();
    for (var name :
        List.of("example.com", "auth.example.com", "127.0.0.1", "x.proxy.example.com")) {
      assertThat(Handshake.succeeds(proxy, PeerTrust.web(trust, Optional.empty(), name)))
          .as(name)
          .isFalse();
    }
  }

  private static SystemTrust system() {
    return SystemTrust.of(List.of(new Cluster("public.example", CLOCK).hosts.certificate()));
  }

  private static Set<CaPin> pins(Cluster cluster) {
    return Set.of(CaPin.of(cluster.hosts.certificate()));
  }

  private static void clients(X509ExtendedTrustManager manager, String... accepted) {
    var server = OURS.host(SystemRole.AUTH);
    everybody()
        .forEach((name, peer) ->
            assertThat(Handshake.succeeds(server, PeerTrust.insecure(), peer, manager))
                .as(name + " as client")
                .isEqualTo(List.of(accepted).contains(name)));
  }

  private static void servers(X509ExtendedTrustManager manager, String... accepted) {
    everybody()
        .forEach((name, peer) ->
            assertThat(Handshake.succeeds(peer, manager))
                .as(name + " as server")
                .isEqualTo(List.of(accepted).contains(name)));
  }
}
