package dev.sallyport.control.route;

import dev.sallyport.control.ControlEndpoint;
import dev.sallyport.control.ControlRoutes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A port on this machine's loopback whose connections come out at the Proxy's port, behind a load
/// balancer that ends TLS: each goes as a WebSocket through the balancer, byte for byte.
///
/// The TLS that is carried inside, in which both ends show certificates of the cluster, is what
/// protects it, as it is on the straight way. So the balancer's own certificate is not looked at,
/// and who else on this machine dials the port gains no more than by dialling the balancer.
final class UpgradeBridge implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(UpgradeBridge.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final int READ_BYTES = 16 * 1024;

  private final ControlEndpoint proxy;
  private final URI upgrade;
  private final ServerSocketChannel listener;
  private final HttpClient http;
  private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

  private UpgradeBridge(ControlEndpoint proxy, ServerSocketChannel listener) {
    this.proxy = proxy;
    this.listener = listener;
    this.upgrade = URI.create("wss://" + proxy + ControlRoutes.WEB_UPGRADE);
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .sslContext(UpgradeProbe.trustingAll())
            .build();
  }

  static UpgradeBridge to(ControlEndpoint proxy) throws IOException {
    var listener = ServerSocketChannel.open();
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    var bridge = new UpgradeBridge(proxy, listener);
    Thread.ofVirtual().name("sallyport-bridge").start(bridge::accept);
    return bridge;
  }

  ControlEndpoint address() {
    var here = listener.socket();
    return new ControlEndpoint(here.getInetAddress().getHostAddress(), here.getLocalPort());
  }

  private void accept() {
    try {
      while (true) {
        var inner = listener.accept();
        open.add(inner);
        Thread.ofVirtual().name("sallyport-bridge-", 0).start(() -> carry(inner));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void carry(SocketChannel inner) {
    WebSocket socket;
    try {
      socket =
          http.newWebSocketBuilder()
              .subprotocols("alpn-ping")
              .connectTimeout(CONNECT_TIMEOUT)
              .buildAsync(upgrade, new Answers(inner))
              .join();
    } catch (CompletionException e) {
      log.atWarn()
          .addKeyValue("proxy", proxy)
          .addKeyValue("reason", String.valueOf(e.getCause()))
          .log(
              "the load balancer before the Proxy does not pass a WebSocket on to it ("
                  + ControlRoutes.WEB_UPGRADE
                  + ")");
      end(inner);
      return;
    }
    var buffer = ByteBuffer.allocate(READ_BYTES);
    try {
      while (inner.read(buffer) >= 0) {
        buffer.flip();
        socket.sendBinary(buffer, true).join();
        buffer.clear();
      }
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    } catch (IOException | CompletionException e) {
      socket.abort();
    } finally {
      end(inner);
    }
  }

  private void end(SocketChannel inner) {
    open.remove(inner);
    try {
      inner.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      // It is gone either way.
    }
    open.forEach(this::end);
    http.shutdownNow();
  }

  /// Writes what comes back; asks for more only when that is done.
  private final class Answers implements WebSocket.Listener {
    private final SocketChannel inner;

    Answers(SocketChannel inner) {
      this.inner = inner;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer bytes, boolean last) {
      try {
        while (bytes.hasRemaining()) {
          inner.write(bytes);
        }
        socket.request(1);
      } catch (IOException e) {
        socket.abort();
        end(inner);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      end(inner);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      end(inner);
    }
  }
}
