package dev.sallyport.tsh.browser;

import dev.sallyport.control.SealedAnswer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/// A port of this machine to which a browser brings one sealed answer. Whatever does not open is
/// told so and waited past, so nobody ends the wait by trying ports.
///
/// @param <T> what is in the answer
final class CallbackPort<T> implements AutoCloseable {
  private static final int HEAD_BYTES_MAX = SealedAnswer.LENGTH_MAX + 8192;

  /// How long a whole request may take.
  private static final Duration REQUEST_TIME = Duration.ofSeconds(10);

  /// Connections at a time; further ones are closed at once.
  static final int CONNECTIONS_MAX = 16;

  private static final int BACKLOG = 8;

  private final ServerSocket socket;
  private final Function<String, Optional<T>> opener;
  private final Duration requestTime;
  private final Semaphore seats = new Semaphore(CONNECTIONS_MAX);
  private final CompletableFuture<Optional<T>> answer = new CompletableFuture<>();

  private CallbackPort(
      ServerSocket socket, Function<String, Optional<T>> opener, Duration requestTime) {
    this.socket = socket;
    this.opener = opener;
    this.requestTime = requestTime;
  }

  /// Listens on a free port of 127.0.0.1.
  ///
  /// @param opener opens what may be the answer; empty when it is not
  static <T> CallbackPort<T> open(Function<String, Optional<T>> opener) throws IOException {
    return open(opener, REQUEST_TIME);
  }

  /// The same, with this for [#REQUEST_TIME].
  static <T> CallbackPort<T> open(Function<String, Optional<T>> opener, Duration requestTime)
      throws IOException {
    var socket = new ServerSocket();
    socket.bind(
        new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), BACKLOG);
    var port = new CallbackPort<>(socket, opener, requestTime);
    Thread.ofVirtual().name("sallyport-tsh-callback").start(port::accept);
    return port;
  }

  int port() {
    return socket.getLocalPort();
  }

  /// Waits for the answer.
  ///
  /// @return empty when the user rejected
  /// @throws TimeoutException when nothing came in time
  Optional<T> await(Duration atMost) throws TimeoutException, InterruptedException {
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var client = socket.accept();
        if (seats.tryAcquire()) {
          Thread.ofVirtual().name("sallyport-tsh-callback").start(() -> serve(client));
        } else {
          client.close();
        }
      } catch (IOException e) {
        // Closed, or the browser went away.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var head = head(client);
      var callback = Callback.parse(head, "127.0.0.1:" + port());
      switch (callback) {
        case Callback.Answer(String sealed) -> {
          var opened = opener.apply(sealed);
          reply(client, opened.isPresent() ? DONE : NOT_OURS);
          opened.ifPresent(found -> answer.complete(Optional.of(found)));
        }
        case Callback.Rejected _ -> {
          reply(client, REJECTED);
          answer.complete(Optional.empty());
        }
        case Callback.Other _ -> reply(client, NOT_OURS);
      }
    } catch (IOException e) {
      // The browser went away, or took too long.
    } finally {
      seats.release();
    }
  }

  private String head(Socket client) throws IOException {
    var end = System.nanoTime() + requestTime.toNanos();
    var head = new ByteArrayOutputStream();
    var matched = 0;
    while (head.size() < HEAD_BYTES_MAX && matched < 4) {
      var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("no whole request in " + requestTime);
      }
      client.setSoTimeout((int) left);
      var b = client.getInputStream().read();
      if (b < 0) {
        break;
      }
      head.write(b);
      matched = b == (matched % 2 == 0 ? '\r' : '\n') ? matched + 1 : b == '\r' ? 1 : 0;
    }
    // What has no end was cut off or is too long, and asks for nothing.
    return matched == 4 ? head.toString(StandardCharsets.ISO_8859_1) : "";
  }

  private static void reply(Socket client, Reply reply) throws IOException {
    var page =
        "<!doctype html><html lang=en><meta charset=utf-8><title>tsh</title><p>"
            + reply.text()
            + "</p></html>";
    var body = page.getBytes(StandardCharsets.UTF_8);
    var head =
        """
        HTTP/1.1 %s\r
        Content-Type: text/html; charset=utf-8\r
        Content-Length: %d\r
        Content-Security-Policy: default-src 'none'\r
        Referrer-Policy: no-referrer\r
        Cache-Control: no-store\r
        Connection: close\r
        \r
        """
            .formatted(reply.status(), body.length);
    client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().write(body);
    client.getOutputStream().flush();
  }

  private record Reply(String status, String text) {}

  private static final Reply DONE =
      new Reply("200 OK", "Done. You can close this window and go back to the terminal.");
  private static final Reply REJECTED =
      new Reply("200 OK", "Rejected. You can close this window; nothing was given away.");
  private static final Reply NOT_OURS =
      new Reply("400 Bad Request", "This is not what is waited for.");
}
