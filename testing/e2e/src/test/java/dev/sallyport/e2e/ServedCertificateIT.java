package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.RunningProcess;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** HUP to a real Proxy, whose `https_keypairs` were replaced: what a TLS client is shown then. */
@DisabledOnOs(OS.WINDOWS)
final class ServedCertificateIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String RELOADED = "The configuration was reloaded";
  private static final String KEPT =
      "The new certificates of the Proxy can't be used; it goes on with those it has";

  @TempDir private Path folder;
  private GuideSite guide;
  private RunningProcess proxy;

  @BeforeEach
  void start() throws IOException {
    guide = new GuideSite(folder);
    // No look at the files but the one that HUP asks for.
    String text = Files.readString(guide.site.clusterFile());
    assertThat(text).contains("  https_keypairs:");
    guide.site.write(
        "cluster.yaml",
        text.replace(
            "  https_keypairs:", "  https_keypairs_reload_interval: 0s\n  https_keypairs:"));
    proxy = guide.startCluster();
  }

  @AfterEach
  void stop() {
    guide.close();
  }

  @Test
  void anotherCertificateIsShownAfterTheSignalAndOpenConnectionsGoOn() throws IOException {
    BigInteger first = shown();
    try (SSLSocket open = connect()) {
      assertThat(ask(open)).isEqualTo("HTTP/1.1 200 OK");
      guide.issueCertificate();
      assertThat(shown()).as("before the signal").isEqualTo(first);
      hangUp(RELOADED + ".*certificates=\"?new");
      assertThat(shown()).isNotEqualTo(first);
      assertThat(ask(open)).as("a connection of before").isEqualTo("HTTP/1.1 200 OK");
    }
  }

  @Test
  void aPairThatDoesNotFitLeavesTheOldOneShownAndIsToldAtEachSignal() throws IOException {
    BigInteger first = shown();
    Path key = folder.resolve("proxy.key");
    Path chain = folder.resolve("proxy.crt");
    String keyThatFits = Files.readString(key);
    guide.issueCertificate();
    String next = Files.readString(key);

    Files.writeString(key, keyThatFits);
    hangUp(KEPT);
    assertThat(shown()).as("the key of another certificate").isEqualTo(first);
    hangUp(KEPT);

    Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nbroken\n-----END PRIVATE KEY-----\n");
    hangUp(KEPT + ".*" + Pattern.quote(key.toString()));
    assertThat(shown()).as("no key").isEqualTo(first);

    Files.writeString(key, next);
    String chainText = Files.readString(chain);
    Files.delete(chain);
    hangUp(KEPT + ".*" + Pattern.quote(chain.toString()));
    assertThat(shown()).as("no chain").isEqualTo(first);
    assertThat(proxy.alive()).isTrue();

    Files.writeString(chain, chainText);
    hangUp(RELOADED + ".*certificates=\"?new");
    assertThat(shown()).as("mended").isNotEqualTo(first);
  }

  /** Sends HUP, and waits for a line of the log that was not there before. */
  private void hangUp(String told) {
    long before = count(told);
    long reloads = count(RELOADED);
    proxy.hangUp();
    Awaitility.await(told).atMost(PATIENCE).until(() -> count(told) > before);
    Awaitility.await(RELOADED).atMost(PATIENCE).until(() -> count(RELOADED) > reloads);
  }

  private long count(String told) {
    return Pattern.compile(told).matcher(proxy.transcript()).results().count();
  }

  private BigInteger shown() throws IOException {
    try (SSLSocket socket = connect()) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  private SSLSocket connect() throws IOException {
    Socket plain = new Socket("localhost", guide.site.webPort());
    SSLSocket socket =
        (SSLSocket)
            guide
                .browserTrust()
                .getSocketFactory()
                .createSocket(plain, "localhost", guide.site.webPort(), true);
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.startHandshake();
    return socket;
  }

  /** Asks for something short on a connection that stays open; gives the first line. */
  private static String ask(SSLSocket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "HEAD /webapi/ping HTTP/1.1\r\nHost: localhost\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = socket.getInputStream().read();
      assertThat(read).as(head.toString()).isNotNegative();
      head.append((char) read);
    }
    return head.substring(0, head.indexOf("\r\n"));
  }
}
