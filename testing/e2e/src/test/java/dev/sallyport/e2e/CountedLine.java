package dev.sallyport.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A line to a port of this machine that counts the requests on it, by their first lines, and
 * changes no byte: so it sees each attempt of a client, also one that is cut off while it is sent.
 * Whoever makes it closes it.
 */
final class CountedLine implements AutoCloseable {
  private static final byte[] START = "POST / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int BACKLOG = 64;

  private final ServerSocket listener = new ServerSocket();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile int target;

  /** A line that leads nowhere yet. */
  CountedLine() throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), BACKLOG);
    Thread.ofVirtual().name("counted-line").start(this::accept);
  }

  /** From now on clients get to this port. */
  void leadTo(int port) {
    target = port;
  }

  /** Where clients connect. */
  int port() {
    return listener.getLocalPort();
  }

  /** How many since the last call of this method. */
  int take() {
    return requests.getAndSet(0);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Thread.ofVirtual().name("counted-line-there").start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), target)) {
      Thread back = Thread.ofVirtual().name("counted-line-back").start(() -> back(server, client));
      copy(client.getInputStream(), server.getOutputStream());
      server.shutdownOutput();
      back.join();
    } catch (IOException gone) {
      // One of the two left; so does the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void back(Socket server, Socket client) {
    try {
      server.getInputStream().transferTo(client.getOutputStream());
      client.shutdownOutput();
    } catch (IOException reset) {
      closeQuietly(client);
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException gone) {
      // Nobody is left to tell.
    }
  }

  private void copy(InputStream from, OutputStream to) throws IOException {
    byte[] bytes = new byte[64 * 1024];
    int matched = 0;
    for (int length = from.read(bytes); length >= 0; length = from.read(bytes)) {
      for (int i = 0; i < length; i++) {
        // No body of these tests imitates it, so a mismatch may begin anew.
        matched = bytes[i] == START[matched] ? matched + 1 : bytes[i] == START[0] ? 1 : 0;
        if (matched == START.length) {
          requests.incrementAndGet();
          matched = 0;
        }
      }
      to.write(bytes, 0, length);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
