package dev.sallyport.testkit.site;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A load balancer in front of a Proxy that turns false: it passes connections on until {@link
 * #turnFalse}, and from then on plays the Proxy itself. It ends TLS, takes every WebSocket, and
 * answers the TLS inside as well, with any protocol that the other end asks for. What it got to
 * read is kept. Safe from any thread; whoever makes it closes it.
 */
public final class FalseBalancer implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;
  private static final int HEAD_MAX = 64 * 1024;
  private static final int BINARY = 0x82;
  private static final int CLOSE = 8;
  private static final int PONG = 10;
  private static final int LENGTH_OF_16_BITS = 126;
  private static final int LENGTH_OF_64_BITS = 127;
  private static final String WEBSOCKET_ID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private final ServerSocket listener;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<String> plain = new CopyOnWriteArrayList<>();
  private final List<String> hellos = new CopyOnWriteArrayList<>();
  private volatile int target;
  private volatile @Nullable False self;

  /** What it shows once it is false; the inner listener is its own. */
  private record False(SSLContext outer, SSLServerSocket inner) {}

  /** One that leads nowhere yet. */
  public FalseBalancer() throws IOException {
    listener = new ServerSocket(0, 0, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().name("false-balancer").start(() -> accept(listener, this::serve));
  }

  /** Where clients connect. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Leads to this port of 127.0.0.1 while it is honest. */
  public void leadTo(int port) {
    target = port;
  }

  /**
   * Ends all connections, and plays the Proxy from now on.
   *
   * @param outer the certificate that it shows to everybody
   * @param inner the certificate that it shows within WebSockets
   */
  public void turnFalse(SSLContext outer, SSLContext inner) throws IOException {
    var within =
        (SSLServerSocket)
            inner
                .getServerSocketFactory()
                .createServerSocket(0, 0, InetAddress.ofLiteral("127.0.0.1"));
    within.setWantClientAuth(true);
    Thread.ofVirtual().name("false-proxy").start(() -> accept(within, this::playProxy));
    self = new False(outer, within);
    open.forEach(FalseBalancer::end);
  }

  /** The heads of all requests that it could read, those of WebSockets too. */
  public List<String> heads() {
    return List.copyOf(heads);
  }

  /** How many WebSockets began a TLS inside for this protocol of ALPN. */
  public long hellosWithin(String protocol) {
    return hellos.stream().filter(protocol::equals).count();
  }

  /** What it could read beyond heads: bodies, and what was inside the TLS within WebSockets. */
  public List<String> plain() {
    return List.copyOf(plain);
  }

  private interface Server {
    void serve(Socket socket) throws IOException;
  }

  private void accept(ServerSocket from, Server server) {
    while (!from.isClosed()) {
      try {
        Socket socket = from.accept();
        open.add(socket);
        Thread.ofVirtual()
            .name("false-balancer-connection")
            .start(() -> {
              try (socket) {
                server.serve(socket);
              } catch (IOException gone) {
                // They refuse it, which is what they shall do.
              } finally {
                open.remove(socket);
              }
            });
      } catch (IOException end) {
        // Closed, or a client that was gone before it was taken.
      }
    }
  }

  private void serve(Socket client) throws IOException {
    False playing = self;
    if (playing != null) {
      playBalancer(client, playing);
      return;
    }
    try (Socket server = new Socket()) {
      open.add(server);
      server.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), target));
      Thread back = Thread.ofVirtual().start(() -> copy(server, client));
      copy(client, server);
      back.join();
      open.remove(server);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException gone) {
      end(from);
      end(to);
    }
  }

  private void playBalancer(Socket client, False playing) throws IOException {
    try (var tls =
        (SSLSocket) playing.outer.getSocketFactory().createSocket(client, null, 0, true)) {
      tls.setUseClientMode(false);
      tls.startHandshake();
      String head = head(tls.getInputStream());
      heads.add(head);
      String key = header(head, "sec-websocket-key");
      if (key.isEmpty()) {
        keep(tls.getInputStream());
        return;
      }
      tls.getOutputStream()
          .write(
              ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                      + "Sec-WebSocket-Protocol: "
                      + header(head, "sec-websocket-protocol")
                      + "\r\nSec-WebSocket-Accept: "
                      + accepted(key)
                      + "\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      try (var within =
          new Socket(InetAddress.ofLiteral("127.0.0.1"), playing.inner.getLocalPort())) {
        Thread back = Thread.ofVirtual().start(() -> answers(within, tls));
        messages(tls.getInputStream(), within.getOutputStream());
        back.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Reads whatever comes in a TLS of its own, which nobody should begin. */
  private void playProxy(Socket accepted) throws IOException {
    var tls = (SSLSocket) accepted;
    tls.setHandshakeApplicationProtocolSelector((socket, wished) -> {
      String protocol = wished.isEmpty() ? "" : wished.getFirst();
      hellos.add(protocol);
      return protocol;
    });
    tls.startHandshake();
    keep(tls.getInputStream());
  }

  private void keep(InputStream from) throws IOException {
    var chunk = new byte[CHUNK];
    int read = from.read(chunk);
    while (read >= 0) {
      plain.add(new String(chunk, 0, read, StandardCharsets.ISO_8859_1));
      read = from.read(chunk);
    }
  }

  private static String head(InputStream from) throws IOException {
    var bytes = new ByteArrayOutputStream();
    while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int one = from.read();
      if (one < 0 || bytes.size() > HEAD_MAX) {
        throw new IOException("no request: " + bytes);
      }
      bytes.write(one);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private static String header(String head, String name) {
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static String accepted(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + WEBSOCKET_ID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no SHA-1", e);
    }
  }

  /** What a WebSocket's client sends, RFC 6455 section 5.2. */
  private static void messages(InputStream from, OutputStream to) throws IOException {
    var in = new DataInputStream(from);
    int first = in.read();
    while (first >= 0 && (first & 0xf) != CLOSE) {
      long length = in.readUnsignedByte() & 0x7f;
      if (length == LENGTH_OF_16_BITS) {
        length = in.readUnsignedShort();
      } else if (length == LENGTH_OF_64_BITS) {
        length = in.readLong();
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes(Math.toIntExact(length));
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % mask.length];
      }
      if ((first & 0xf) != PONG) {
        to.write(payload);
      }
      first = in.read();
    }
  }

  private static void answers(Socket within, Socket client) {
    var chunk = new byte[CHUNK];
    try {
      int read = within.getInputStream().read(chunk);
      while (read >= 0) {
        var frame = new ByteArrayOutputStream();
        frame.write(BINARY);
        frame.write(LENGTH_OF_16_BITS);
        frame.write(read >> 8);
        frame.write(read);
        frame.write(chunk, 0, read);
        frame.writeTo(client.getOutputStream());
        read = within.getInputStream().read(chunk);
      }
    } catch (IOException gone) {
      // The client has left.
    } finally {
      end(client);
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // Closed already.
    }
  }

  /** Ends every connection, and takes no more. */
  @Override
  public void close() {
    try {
      listener.close();
      if (self instanceof False(var outer, var inner)) {
        inner.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a listening socket does not close", e);
    }
    open.forEach(FalseBalancer::end);
  }
}
