package dev.sallyport.auth;

import static dev.sallyport.auth.AuthServiceTest.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.auth.users.TokenMask;
import dev.sallyport.control.AuthJoin;
import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.ControlException;
import dev.sallyport.control.CreateTokenRequest;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.control.ProxyHeartbeat;
import dev.sallyport.control.WebJoinRequest;
import dev.sallyport.control.admission.Rate;
import dev.sallyport.control.host.HostMembership;
import dev.sallyport.control.host.Joiner;
import dev.sallyport.control.host.SecretToken;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.CaPin;
import dev.sallyport.pki.KeyPairs;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.authority.CertificateAuthority;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A Proxy that joins at the Auth Service itself, before any Proxy is there.
final class JoinAtAuthTest extends OneCluster {
  private Secret token(String role) throws IOException {
    var request =
        new CreateTokenRequest(List.of(role), Optional.empty(), Optional.empty(), List.of());
    return Secret.of(cluster().admin().createToken(request).metadata().name());
  }

  private Set<CaPin> pins() {
    return Set.copyOf(cluster().auth().trust().pins());
  }

  private AuthJoin door(KeyPair keys, Set<CaPin> pins) {
    var endpoint = new ControlEndpoint("127.0.0.1", cluster().auth().boundPort());
    return new AuthJoin(endpoint, keys, pins, cluster().clock, new SecureRandom());
  }

  private static WebJoinRequest request(Secret token, String role, KeyPair keys) {
    return new WebJoinRequest(
        token, role, Pem.encode(keys.getPublic()), Optional.empty(), "proxy-node");
  }

  private HostMembership joined() throws IOException, InterruptedException {
    var token = token("proxy");
    return new Joiner(
            new Joiner.Candidate(SystemRole.PROXY, "proxy-node"),
            keys -> door(keys, pins()),
            new SecretToken(() -> token),
            pins(),
            cluster().clock,
            new Random(11))
        .join(Optional.empty(), new CountDownLatch(1))
        .orElseThrow();
  }

  @Test
  void aTokenMakesAProxyThatServersAndPinsKnow() throws Exception {
    var proxy = joined();
    // Whoever knows only the pin needs the authority behind the certificate.
    assertThat(proxy.identity().chain()).hasSize(2);
    cluster().client(proxy.identity()).announceProxy(new ProxyHeartbeat(List.of("p.example:443")));
    assertThat(Recorded.in(folder))
        .contains("TJ002I")
        .contains("\"node_name\":\"proxy-node\"")
        .contains("\"addr.remote\":\"127.0.0.1\"");
  }

  @Test
  void eachConditionAloneRefusesAJoin() throws IOException {
    var keys = KeyPairs.generate();
    var token = token("proxy");
    try (var door = door(keys, pins())) {
      for (var role : List.of("Auth", "Admin", "Db", "", "x".repeat(5000))) {
        refused(() -> door.join(request(token, role, keys)), ErrorKind.ACCESS_DENIED);
      }
      refused(
          () -> door.join(request(Secret.of("no-such-token"), "Proxy", keys)),
          ErrorKind.ACCESS_DENIED);
      var others = KeyPairs.generate();
      refused(() -> door.join(request(token, "Proxy", others)), ErrorKind.BAD_PARAMETER);
    }
    assertThat(Recorded.in(folder))
        .contains("TJ002E")
        .contains("\"token_name\":\"" + TokenMask.mask(token.reveal()))
        .doesNotContain("no-such-token")
        .doesNotContain(token.reveal());
  }

  @Test
  void aStrangerInPlaceOfAuthGetsNoToken() throws IOException {
    var keys = KeyPairs.generate();
    var foreign =
        CertificateAuthority.create(CaKind.HOST, Cluster.NAME, cluster().clock, new SecureRandom());
    try (var door = door(keys, Set.of(CaPin.of(foreign.certificate())))) {
      refused(() -> door.join(request(token("proxy"), "Proxy", keys)), ErrorKind.UNAVAILABLE);
    }
  }

  @Test
  void oneAddressHasSoManyTries() throws IOException {
    var keys = KeyPairs.generate();
    try (var door = door(keys, pins())) {
      int tries = 0;
      // A slow machine gets a few more, since time goes by.
      ErrorKind answer = answer(door, keys);
      while (answer == ErrorKind.ACCESS_DENIED) {
        tries++;
        assertThat(tries).isLessThan(2 * Rate.JOIN.burst());
        answer = answer(door, keys);
      }
      assertThat(tries).isGreaterThanOrEqualTo(Rate.JOIN.burst());
      assertThat(answer).isEqualTo(ErrorKind.LIMIT_EXCEEDED);
    }
  }

  private static ErrorKind answer(AuthJoin door, KeyPair keys) {
    try {
      door.join(request(Secret.of("guess"), "Proxy", keys));
      throw new AssertionError("a guess was taken");
    } catch (ControlException e) {
      return e.kind();
    }
  }

  @Test
  void anAddressThatIsNoneIsNotKept() throws Exception {
    var proxy = cluster().client(joined().identity());
    for (var bad :
        List.of(List.<String>of(), List.of("a b/c"), Collections.nCopies(21, "p.example:443"))) {
      refused(() -> proxy.announceProxy(new ProxyHeartbeat(bad)), ErrorKind.BAD_PARAMETER);
    }
  }
}
