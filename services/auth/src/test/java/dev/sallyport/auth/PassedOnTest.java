package dev.sallyport.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.ClientAddressProof;
import dev.sallyport.pki.TlsIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Connections that a Proxy passes on: whose word counts for where the client is.
final class PassedOnTest {
  private static final int OK = 200;
  private static final int FORBIDDEN = 403;
  private static final String CLIENT = "203.0.113.9";
  private static final String STATUS = "/v1/status";
  private static final byte[] SIGNATURE = {
    0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A
  };
  private static final int FUZZ_ROUNDS = 60;

  @TempDir Path folder = Path.of("never");

  private static InetSocketAddress client() throws IOException {
    return new InetSocketAddress(InetAddress.getByName(CLIENT), 40000);
  }

  private static byte[] proof(Cluster cluster, TlsIdentity by) throws IOException {
    return ClientAddressProof.of(client(), by, cluster.clock.instant());
  }

  /// A PROXY header of version 2 for the client, with this extension.
  private static byte[] header(byte[] extension) throws IOException {
    int length = 12 + (extension.length == 0 ? 0 : 3 + extension.length);
    var header =
        ByteBuffer.allocate(16 + length)
            .put(SIGNATURE)
            .put((byte) 0x21)
            .put((byte) 0x11)
            .putShort((short) length)
            .put(client().getAddress().getAddress())
            .put(new byte[] {127, 0, 0, 1})
            .putShort((short) 40000)
            .putShort((short) 3025);
    if (extension.length > 0) {
      header.put((byte) ClientAddressProof.TLV).putShort((short) extension.length).put(extension);
    }
    return header.array();
  }

  private static int refusedCall(Cluster cluster, TlsIdentity user, byte[] preface)
      throws IOException {
    var caller = new RawClient(cluster.auth().boundPort(), user).after(preface);
    return caller.status("GET", "/v1/audit/key", "");
  }

  @Test
  void theAddressThatAProxySignedIsOnRecord() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var alice = cluster.signIn("alice");
      var proxy = cluster.proxyIdentity();
      assertThat(refusedCall(cluster, alice, header(proof(cluster, proxy)))).isEqualTo(FORBIDDEN);
      assertThat(Recorded.in(folder)).contains("\"addr.remote\":\"" + CLIENT + "\"");
    }
  }

  @Test
  void nobodyElseSaysWhereAClientIs() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var alice = cluster.signIn("alice");
      var agent = cluster.join(SystemRole.DB, "*").identity();
      var joined = cluster.join(SystemRole.PROXY, "*");
      var good = proof(cluster, joined.identity());
      assertThat(refusedCall(cluster, alice, header(good))).isEqualTo(FORBIDDEN);
      assertThat(refusedCall(cluster, alice, header(new byte[0]))).isZero();
      assertThat(refusedCall(cluster, alice, header(proof(cluster, agent)))).isZero();
      assertThat(refusedCall(cluster, alice, header(proof(cluster, alice)))).isZero();
      var v1 = "PROXY TCP4 203.0.113.9 127.0.0.1 40000 3025\r\n";
      assertThat(refusedCall(cluster, alice, v1.getBytes(StandardCharsets.US_ASCII))).isZero();
      cluster.pass(ClientAddressProof.VALIDITY.plus(Duration.ofSeconds(1)));
      assertThat(refusedCall(cluster, alice, header(good))).isZero();
      // Refusals stand under the address that they really came from.
      assertThat(Recorded.in(folder).lines().filter(line -> line.contains("PROXY header without")))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).contains("\"addr.remote\":\"127.0.0.1\""));
    }
  }

  @Test
  void withoutAHeaderTheConnectionItselfTells() throws IOException {
    try (var cluster = new Cluster(folder)) {
      cluster.user("alice", "access");
      var alice = cluster.signIn("alice");
      assertThat(refusedCall(cluster, alice, new byte[0])).isEqualTo(FORBIDDEN);
      assertThat(Recorded.in(folder).lines().filter(line -> line.contains("T3007W")))
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).contains("\"addr.remote\":\"127.0.0.1\""));
    }
  }

  @Test
  void brokenHeadersCloseTheirConnectionAndNoOther() throws IOException {
    try (var cluster = new Cluster(folder)) {
      var proxy = cluster.proxyIdentity();
      var good = header(proof(cluster, proxy));
      var random = new Random(20300101);
      for (int round = 0; round < FUZZ_ROUNDS; round++) {
        var broken = good.clone();
        broken[16 + random.nextInt(broken.length - 16)] ^= (byte) (1 + random.nextInt(255));
        var caller = new RawClient(cluster.auth().boundPort(), proxy).after(broken);
        // Where the client connected to is not signed, and nobody looks at it.
        assertThat(caller.status("GET", STATUS, "")).isIn(0, OK);
      }
      var caller = new RawClient(cluster.auth().boundPort(), proxy).after(good);
      assertThat(caller.status("GET", STATUS, "")).isEqualTo(OK);
    }
  }
}
