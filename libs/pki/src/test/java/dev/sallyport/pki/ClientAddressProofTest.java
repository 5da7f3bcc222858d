package dev.sallyport.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.model.SystemRole;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClientAddressProofTest {
  private static final int FUZZ_ROUNDS = 3000;
  private static final Cluster OURS = new Cluster("example.com");
  private static final TlsIdentity PROXY = OURS.host(SystemRole.PROXY);

  private static InetSocketAddress at(String address, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(address), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Verification<VerifiedHost> check(byte[] proof, InetSocketAddress client) {
    return check(proof, client, Cluster.NOW);
  }

  private static Verification<VerifiedHost> check(
      byte[] proof, InetSocketAddress client, Instant now) {
    return ClientAddressProof.check(proof, client, OURS.verifier(), InstantSource.fixed(now));
  }

  private static void refused(Verification<VerifiedHost> result, String why) {
    assertThat(result)
        .isInstanceOfSatisfying(
            Verification.Refused.class, refused -> assertThat(refused.reason()).contains(why));
  }

  @Test
  void whatAProxySignedIsBelieved() {
    for (var client : new InetSocketAddress[] {at("192.0.2.7", 40000), at("2001:db8::7", 1)}) {
      var proof = ClientAddressProof.of(client, PROXY, Cluster.NOW);
      assertThat(proof.length).isLessThan(ClientAddressProof.MAX_BYTES);
      assertThat(check(proof, client))
          .isInstanceOfSatisfying(
              Verification.Verified.class,
              verified ->
                  assertThat(verified.identity())
                      .hasToString("Proxy host 6f1f3a52-7f0c-4f7e-9d0e-0d6b1f6a0001.example.com"));
    }
  }

  @Test
  void itIsGoodForOneAddressAndPort() {
    var proof = ClientAddressProof.of(at("192.0.2.7", 40000), PROXY, Cluster.NOW);
    refused(check(proof, at("192.0.2.8", 40000)), "another address");
    refused(check(proof, at("192.0.2.7", 40001)), "another address");
    refused(check(proof, at("2001:db8::7", 40000)), "another address");
  }

  @Test
  void itIsGoodForAMinuteBothWays() {
    var client = at("192.0.2.7", 40000);
    var proof = ClientAddressProof.of(client, PROXY, Cluster.NOW);
    var validity = ClientAddressProof.VALIDITY;
    assertThat(check(proof, client, Cluster.NOW.plus(validity)))
        .isInstanceOf(Verification.Verified.class);
    assertThat(check(proof, client, Cluster.NOW.minus(validity)))
        .isInstanceOf(Verification.Verified.class);
    var late = validity.plus(Duration.ofSeconds(1));
    refused(check(proof, client, Cluster.NOW.plus(late)), "61 s apart");
    refused(check(proof, client, Cluster.NOW.minus(late)), "61 s apart");
  }

  @Test
  void onlyAProxyOfTheClusterCanMakeOne() {
    var client = at("192.0.2.7", 40000);
    var agent = ClientAddressProof.of(client, OURS.host(SystemRole.DB), Cluster.NOW);
    refused(check(agent, client), "system role Db");
    var user = ClientAddressProof.of(client, OURS.user(), Cluster.NOW);
    assertThat(check(user, client)).isInstanceOf(Verification.Refused.class);
    var foreign = new Cluster("example.com").host(SystemRole.PROXY);
    assertThat(check(ClientAddressProof.of(client, foreign, Cluster.NOW), client))
        .isInstanceOf(Verification.Refused.class);
  }

  @Test
  void anUnresolvedAddressIsNotSigned() {
    var unresolved = InetSocketAddress.createUnresolved("a.example", 1);
    assertThatThrownBy(() -> ClientAddressProof.of(unresolved, PROXY, Cluster.NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.example");
  }

  @Test
  void whateverIsSentIsRefusedWithoutAnException() {
    var client = at("192.0.2.7", 40000);
    var proof = ClientAddressProof.of(client, PROXY, Cluster.NOW);
    for (int length = 0; length < proof.length; length++) {
      assertThat(check(Arrays.copyOf(proof, length), client))
          .isInstanceOf(Verification.Refused.class);
    }
    refused(check(new byte[ClientAddressProof.MAX_BYTES + 1], client), "malformed");
    var random = new Random(20260301);
    for (int round = 0; round < FUZZ_ROUNDS; round++) {
      var changed = proof.clone();
      for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
        changed[random.nextInt(changed.length)] ^= (byte) (1 + random.nextInt(255));
      }
      if (!Arrays.equals(changed, proof)) {
        assertThat(check(changed, client)).isInstanceOf(Verification.Refused.class);
      }
    }
  }
}
