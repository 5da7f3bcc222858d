package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.model.Secret;
import dev.sallyport.sigv4.Header;
import dev.sallyport.sigv4.RequestToSign;
import dev.sallyport.sigv4.SecretKeyBytes;
import dev.sallyport.sigv4.SigV4Signer;
import dev.sallyport.sigv4.SigningCredentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A listener that takes only what is signed with its own key.
final class StrictModeTest {
  private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  private static final LocalKey KEY = LocalKey.create(new SecureRandom());
  private static ProxyUnderTest it;

  @BeforeAll
  static void open() throws IOException {
    it =
        new ProxyUnderTest(
            ProxyUnderTest.LIMITS,
            new Admission(
                Set.of(), Set.of(), false, Optional.of(new SignatureGate(KEY, () -> NOW))));
  }

  @AfterAll
  static void close() throws IOException {
    it.close();
  }

  private static String head(LocalKey key, String signedBody, String framing) throws Exception {
    return head(it, key, signedBody, framing);
  }

  /// The head of a request to this listener that is signed for this body.
  static String head(ProxyUnderTest it, LocalKey key, String signedBody, String framing)
      throws Exception {
    var host = "localhost:" + it.port();
    var target = new Header("X-Amz-Target", "DynamoDB_20120810.ListTables");
    var sha =
        MessageDigest.getInstance("SHA-256").digest(signedBody.getBytes(StandardCharsets.UTF_8));
    var signed =
        new SigV4Signer()
            .sign(
                new RequestToSign("POST", "/", "", host, List.of(target), sha),
                SigningCredentials.of(
                    key.accessKeyId(), SecretKeyBytes.of(key.secretKey().reveal())),
                "us-east-1",
                "dynamodb",
                NOW);
    var head = new StringBuilder("POST / HTTP/1.1\r\nHost: " + host + "\r\n");
    head.append(target.name()).append(": ").append(target.value()).append("\r\n");
    signed
        .toAdd()
        .forEach(h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
    return head.append(framing).append("\r\n").toString();
  }

  private static String request(LocalKey key, String signedBody, String body) throws Exception {
    return head(key, signedBody, "Content-Length: " + body.length() + "\r\n") + body;
  }

  @Test
  void aSignedRequestPassesSizedChunkedAndPipelined() throws Exception {
    var one = request(KEY, "{\"n\":1}", "{\"n\":1}");
    var two =
        head(KEY, "{\"n\":2}", "Transfer-Encoding: chunked\r\n")
            + "3\r\n{\"n\r\n4\r\n\":2}\r\n0\r\n\r\n";
    var empty = request(KEY, "", "");
    var answers = it.exchange(one + two + empty + one);
    assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(5);
    assertThat(answers).containsSubsequence("{\"n\":1}", "{\"n\":2}", "{\"n\":1}");
    var large = "x".repeat(1_000_000);
    assertThat(it.exchange(request(KEY, large, large))).endsWith(large);
  }

  @Test
  void aClientThatWaitsIsAskedForTheBodyBeforeItsSignatureCanBeVerified() throws Exception {
    try (var socket = it.connect()) {
      ProxyUnderTest.send(socket, head(KEY, "{}", "Expect: 100-continue\r\nContent-Length: 2\r\n"));
      var in = socket.getInputStream();
      assertThat(new String(in.readNBytes(25), StandardCharsets.US_ASCII))
          .isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
      ProxyUnderTest.send(socket, "{}");
      socket.shutdownOutput();
      assertThat(ProxyUnderTest.readAll(in)).startsWith("HTTP/1.1 200 OK").endsWith("{}");
    }
  }

  @Test
  void nothingOfAnUnsignedOrWronglySignedRequestLeaves() throws Exception {
    var before = it.upstream.heads.get();
    var other = new LocalKey(KEY.accessKeyId(), Secret.of("guessed"));
    var stranger = LocalKey.create(new SecureRandom());
    assertThat(it.exchangeUntilClosed(it.post("{}")))
        .startsWith("HTTP/1.1 400 ")
        .contains("MissingAuthenticationTokenException", "x-amz-crc32: ", "tsh printed");
    assertThat(it.exchangeUntilClosed(request(stranger, "{}", "{}")))
        .startsWith("HTTP/1.1 400 ")
        .contains("UnrecognizedClientException");
    for (var wrong : List.of(request(other, "{}", "{}"), request(KEY, "{}", "{ }"))) {
      assertThat(it.exchangeUntilClosed(wrong))
          .startsWith("HTTP/1.1 400 ")
          .contains("InvalidSignatureException", "Connection: close");
    }
    assertThat(it.upstream.heads.get()).isEqualTo(before);
  }

  @Test
  void aStrangersBodyIsNotWaitedFor() throws Exception {
    try (var socket = it.connect()) {
      ProxyUnderTest.send(
          socket, head(LocalKey.create(new SecureRandom()), "{}", "Content-Length: 9000000\r\n"));
      assertThat(ProxyUnderTest.readAll(socket.getInputStream()))
          .contains("UnrecognizedClientException");
    }
  }

  @Test
  void heldBodiesAreBounded() {
    var bodies = new HeldBodies(100);
    assertThat(bodies.reserve(60)).isTrue();
    assertThat(bodies.reserve(41)).isFalse();
    assertThat(bodies.reserve(40)).isTrue();
    bodies.release(60);
    assertThat(bodies.reserve(61)).isFalse();
    assertThat(bodies.reserve(60)).isTrue();
  }

  /// Five times as much as may be held, one after the other: each is given back.
  @Test
  void whatWasHeldIsGivenBack() throws Exception {
    var large = "x".repeat(16_000_000);
    var signed = request(KEY, large, large);
    var tampered = request(KEY, large, "y" + large.substring(1));
    it.upstream.script((request, out) -> {
      ScriptedUpstream.respond(out, "{}".getBytes(StandardCharsets.US_ASCII), "");
      return true;
    });
    for (int i = 0; i < 5; i++) {
      assertThat(it.exchangeUntilClosed(tampered)).startsWith("HTTP/1.1 400 ");
      assertThat(it.exchange(signed)).startsWith("HTTP/1.1 200 ");
    }
    it.upstream.script(ScriptedUpstream::echo);
  }

  @Test
  void keysDiffer() {
    var random = new SecureRandom();
    var ids = new HashSet<String>();
    var secrets = new HashSet<String>();
    for (int i = 0; i < 100; i++) {
      var key = LocalKey.create(random);
      assertThat(key.accessKeyId()).matches("TUNNEL[A-Z2-7]{14}");
      assertThat(key.secretKey().reveal()).hasSize(40);
      assertThat(key.toString()).doesNotContain(key.secretKey().reveal());
      ids.add(key.accessKeyId());
      secrets.add(key.secretKey().reveal());
    }
    assertThat(ids).hasSize(100);
    assertThat(secrets).hasSize(100);
  }
}
