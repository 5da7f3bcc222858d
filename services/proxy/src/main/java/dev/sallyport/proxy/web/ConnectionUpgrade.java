package dev.sallyport.proxy.web;

import dev.sallyport.control.ControlRoutes;
import dev.sallyport.net.ProxyHeader;
import io.javalin.config.RoutesConfig;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.websocket.server.JettyWebSocketServletFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.jspecify.annotations.Nullable;

/// `GET /webapi/connectionupgrade`: the way in for tsh and agents behind a load balancer that ends
/// TLS and speaks HTTP. A WebSocket whose binary messages are the bytes of one connection to the
/// Proxy's port, which begins with a ClientHello as any other does: the TLS inside has the client's
/// certificate, and nobody on the way can read it. Pings keep balancers from taking it for idle.
///
/// The address that counts as the client's is the one of whoever opened the WebSocket: the
/// balancer's, unless it is trusted with a PROXY header.
final class ConnectionUpgrade {
  private static final Set<String> PROTOCOLS = Set.of("alpn", "alpn-ping");
  private static final Duration PING_EVERY = Duration.ofSeconds(20);
  private static final Duration IDLE_MAX = Duration.ofSeconds(60);
  private static final int MESSAGE_BYTES_MAX = 64 * 1024;
  private static final int READ_BYTES = 16 * 1024;
  private static final int GONE = 1001;
  private static final int PROTOCOL_ERROR = 1002;

  private final UnixDomainSocketAddress port;
  private final ConcurrentHashMap<String, SocketChannel> open = new ConcurrentHashMap<>();

  /// @param port where the Proxy takes such connections
  ConnectionUpgrade(UnixDomainSocketAddress port) {
    this.port = port;
  }

  /// What a WebSocket may hold in memory, and how long it may be silent.
  static void bound(JettyWebSocketServletFactory sockets) {
    sockets.setIdleTimeout(IDLE_MAX);
    sockets.setMaxBinaryMessageSize(MESSAGE_BYTES_MAX);
    sockets.setMaxFrameSize(MESSAGE_BYTES_MAX);
    sockets.setMaxTextMessageSize(1);
  }

  void addTo(RoutesConfig routes) {
    for (var version : new String[] {"", "/v1"}) {
      routes.ws(version + ControlRoutes.WEB_UPGRADE, this::handle);
      routes.get(
          version + ControlRoutes.WEB_UPGRADE,
          context -> {
            throw new BadRequest(
                "this address takes WebSockets alone; a load balancer in front has to pass the"
                    + " headers Upgrade and Connection on");
          });
    }
  }

  private void handle(WsConfig socket) {
    socket.onConnect(this::begin);
    socket.onBinaryMessage(message -> pass(message, message.data()));
    socket.onMessage(text -> text.closeSession(PROTOCOL_ERROR, "binary messages only"));
    socket.onClose(closed -> end(closed.sessionId()));
    socket.onError(broken -> end(broken.sessionId()));
  }

  private void begin(WsContext socket) throws IOException {
    // The first is the one that was agreed to.
    var wished = socket.session.getUpgradeRequest().getSubProtocols();
    if (wished.isEmpty() || !PROTOCOLS.contains(wished.getFirst())) {
      socket.closeSession(PROTOCOL_ERROR, "sub-protocol: alpn-ping or alpn");
      return;
    }
    var inner = SocketChannel.open(port);
    open.put(socket.sessionId(), inner);
    write(inner, header(socket));
    socket.enableAutomaticPings(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    Thread.ofVirtual().name("sallyport-upgrade-", 0).start(() -> answers(socket, inner));
  }

  private static ByteBuffer header(WsContext socket) {
    var client =
        (InetSocketAddress) Objects.requireNonNull(socket.session.getRemoteSocketAddress());
    var header = ProxyHeader.v2(UnpooledByteBufAllocator.DEFAULT, client, client);
    try {
      return ByteBuffer.wrap(io.netty.buffer.ByteBufUtil.getBytes(header));
    } finally {
      header.release();
    }
  }

  /// Runs on a virtual thread of the web server, which reads no more of this client meanwhile.
  private void pass(WsContext socket, ByteBuffer bytes) {
    var inner = open.get(socket.sessionId());
    try {
      if (inner != null) {
        write(inner, bytes);
      }
    } catch (IOException e) {
      socket.closeSession(GONE, "the connection ended");
    }
  }

  private static void write(SocketChannel inner, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      inner.write(bytes);
    }
  }

  /// Sends what comes back, message by message, until the end.
  private void answers(WsContext socket, SocketChannel inner) {
    var buffer = ByteBuffer.allocate(READ_BYTES);
    try {
      while (inner.read(buffer) >= 0) {
        buffer.flip();
        Callback.Completable.with(sent -> socket.session.sendBinary(buffer, sent)).join();
        buffer.clear();
      }
    } catch (IOException | CompletionException e) {
      // One of the two is gone, which ends the other.
    } finally {
      end(socket.sessionId());
      socket.closeSession(GONE, "the connection ended");
    }
  }

  private void end(String session) {
    close(open.remove(session));
  }

  private static void close(@Nullable SocketChannel inner) {
    if (inner != null) {
      try {
        inner.close();
      } catch (IOException e) {
        // It is gone either way.
      }
    }
  }
}
