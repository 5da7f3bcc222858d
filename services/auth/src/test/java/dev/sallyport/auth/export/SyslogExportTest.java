package dev.sallyport.auth.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.auth.export.ExportTarget.Syslog.Transport;
import dev.sallyport.model.HostPort;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.SystemTrust;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SyslogExportTest {
  private static final String HEAD =
      "<108>1 2030-01-31T10:15:00.000Z node_1 sallyport - user.login - ";

  private static ExportTarget.Syslog target(Transport transport, int port, int bytes)
      throws IOException {
    return new ExportTarget.Syslog(
        new HostPort("127.0.0.1", port),
        transport,
        13,
        bytes,
        "node 1",
        SystemTrust.load(Map.of()));
  }

  private static ServerSocket server() throws IOException {
    var server = new ServerSocket();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return server;
  }

  /// One frame of RFC 6587.
  private static String frame(InputStream in) throws IOException {
    int length = 0;
    for (var c = in.read(); c != ' '; c = in.read()) {
      assertThat(c).isBetween((int) '0', (int) '9');
      length = length * 10 + c - '0';
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Test
  void overTcpEachMessageIsCounted() throws Exception {
    try (var server = server();
        var export = new SyslogExport(target(Transport.TCP, server.getLocalPort(), 8192))) {
      export.put(Rows.of(1, 2));
      try (Socket taken = server.accept()) {
        var in = taken.getInputStream();
        assertThat(frame(in)).isEqualTo(HEAD + Rows.body(1));
        assertThat(frame(in)).isEqualTo(HEAD + Rows.body(2));
        export.put(List.of(Rows.of(3, "{\"event\":\"x y\",\"code\":\"T1000I\",\n\"ü\":1}")));
        assertThat(frame(in))
            .isEqualTo(
                "<110>1 2030-01-31T10:15:00Z node_1 sallyport - x_y -"
                    + " {\"event\":\"x y\",\"code\":\"T1000I\", \"ü\":1}");
      }
    }
  }

  @Test
  void whatWasSentLastIsSentAgainWhenTheConnectionBroke() throws Exception {
    try (var server = server();
        var export = new SyslogExport(target(Transport.TCP, server.getLocalPort(), 8192))) {
      export.put(Rows.of(1, 1));
      server.accept().close();
      export.put(Rows.of(2, 1));
      try (Socket taken = server.accept()) {
        assertThat(frame(taken.getInputStream())).endsWith(Rows.body(1));
        assertThat(frame(taken.getInputStream())).endsWith(Rows.body(2));
      }
    }
  }

  @Test
  void aServerThatReadsNothingDoesNotHoldItUp() throws Exception {
    try (var server = server();
        var export =
            new SyslogExport(
                target(Transport.TCP, server.getLocalPort(), 1 << 20), Duration.ofMillis(200))) {
      var large = Rows.of(1, "{\"a\":\"" + "x".repeat(1 << 19) + "\"}");
      assertThatThrownBy(() -> export.put(java.util.Collections.nCopies(40, large)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void aDatagramIsAMessageAndALongOneIsReplaced() throws Exception {
    try (var server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        var export = new SyslogExport(target(Transport.UDP, server.getLocalPort(), 1024))) {
      server.setSoTimeout(10_000);
      var secret = Secret.of("x".repeat(2000));
      export.put(
          List.of(
              Rows.of(1, Rows.body(1)),
              Rows.of(
                  2,
                  "{\"event\":\"e\",\"code\":\"c\",\"uid\":\"u\",\"body\":\""
                      + secret.reveal()
                      + "\"}")));
      assertThat(receive(server)).isEqualTo(HEAD + Rows.body(1));
      assertThat(receive(server))
          .endsWith(" {\"event\":\"e\",\"code\":\"c\",\"uid\":\"u\",\"too_long\":2044}");
    }
  }

  private static String receive(DatagramSocket server) throws IOException {
    var packet = new DatagramPacket(new byte[4096], 4096);
    server.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
  }
}
