package dev.sallyport.auth.export;

import dev.sallyport.audit.store.Stored;
import dev.sallyport.auth.export.ExportTarget.Syslog.Transport;
import dev.sallyport.model.HostPort;
import dev.sallyport.pki.DialledHostTrust;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// Messages to a syslog server. Syslog acknowledges nothing: over TCP and TLS, what was sent last
/// is sent again on the next connection after one broke, and over UDP what is lost on the way is
/// lost.
final class SyslogExport implements ExportSink {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration WRITE = Duration.ofSeconds(30);
  private static final int STILL_THERE_MILLIS = 1;

  private final ExportTarget.Syslog target;
  private final Duration writeAtMost;
  private @Nullable Socket connection;
  private byte[] last = new byte[0];

  SyslogExport(ExportTarget.Syslog target) {
    this(target, WRITE);
  }

  SyslogExport(ExportTarget.Syslog target, Duration writeAtMost) {
    this.target = target;
    this.writeAtMost = writeAtMost;
  }

  @Override
  public String target() {
    return target.transport().name().toLowerCase(Locale.ROOT) + "://" + target.address();
  }

  @Override
  public Pace pace() {
    return Pace.AT_ONCE;
  }

  @Override
  public void put(List<Stored> records) throws IOException {
    if (target.transport() == Transport.UDP) {
      datagrams(records);
      return;
    }
    var frames = new ByteArrayOutputStream();
    for (var record : records) {
      var message = SyslogMessage.of(record, target);
      frames.writeBytes((message.length + " ").getBytes(StandardCharsets.US_ASCII));
      frames.writeBytes(message);
    }
    try {
      var bytes = frames.toByteArray();
      write(open(), bytes);
      last = bytes;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private void datagrams(List<Stored> records) throws IOException {
    var to = resolved(target.address());
    try (var socket = new DatagramSocket()) {
      for (var record : records) {
        var message = SyslogMessage.of(record, target);
        socket.send(new DatagramPacket(message, message.length, to));
      }
    }
  }

  private Socket open() throws IOException {
    var kept = connection;
    if (kept != null && isThere(kept)) {
      return kept;
    }
    close();
    var made = connect();
    connection = made;
    if (last.length > 0) {
      write(made, last);
    }
    return made;
  }

  private Socket connect() throws IOException {
    var plain = new Socket();
    try {
      plain.connect(resolved(target.address()), (int) CONNECT.toMillis());
      plain.setSoTimeout((int) CONNECT.toMillis());
      if (target.transport() == Transport.TCP) {
        return plain;
      }
      var address = target.address();
      var tls =
          (SSLSocket)
              context()
                  .getSocketFactory()
                  .createSocket(plain, address.host(), address.port(), true);
      tls.startHandshake();
      return tls;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  private SSLContext context() throws IOException {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new DialledHostTrust(target.trust())}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS can't be set up: " + e.getMessage(), e);
    }
  }

  /// A server that went away has closed its side; what else it sends is of no interest.
  private static boolean isThere(Socket socket) {
    try {
      socket.setSoTimeout(STILL_THERE_MILLIS);
      return socket.getInputStream().read() >= 0;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// A server that reads no more must not hold this up for ever: the connection is cut.
  private void write(Socket socket, byte[] bytes) throws IOException {
    var written = new CompletableFuture<Boolean>();
    var cut =
        written
            .orTimeout(writeAtMost.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(late -> {
              closeQuietly(socket);
              return false;
            });
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } finally {
      written.complete(true);
    }
    if (!cut.join()) {
      throw new IOException("the server took nothing for " + writeAtMost.toSeconds() + " s");
    }
  }

  @Override
  public void close() {
    var open = connection;
    connection = null;
    if (open != null) {
      closeQuietly(open);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is not used any more.
    }
  }

  private static InetSocketAddress resolved(HostPort address) throws IOException {
    var found = new InetSocketAddress(address.host(), address.port());
    if (found.isUnresolved()) {
      throw new IOException("the name " + address.host() + " is not known");
    }
    return found;
  }
}
