package dev.sallyport.agent.session;

import dev.sallyport.model.LockPart;
import dev.sallyport.model.LockSubject;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.net.tunnel.OpenHandler;
import dev.sallyport.net.tunnel.OpenMessage;
import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Takes the connections that the Proxy brings: ends the inner TLS on each and lets [IdentityGate]
/// find out who it is. Of OPEN it uses only whether the database is one of its own, to refuse
/// early.
///
/// Safe for any thread; whoever made it calls [#drain] before it stops the event loops.
public final class SessionDoor implements OpenHandler {
  private static final long HANDSHAKE_SECONDS = 10;

  private final DataPath path;
  private final Supplier<SslContext> tls;
  private final LockSubject self;
  private final Set<Channel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /// @param tls the inner server side, which asks for users' certificates; read for each connection
  public SessionDoor(DataPath path, Supplier<SslContext> tls) {
    this.path = path;
    this.tls = tls;
    this.self = LockSubject.of(LockPart.SERVER_ID, path.records().serverId());
  }

  @Override
  public OpenDecision onOpen(byte[] payload) {
    var message = OpenMessage.parse(payload);
    if (draining) {
      return new OpenDecision.NotNow("the Database Service is stopping");
    }
    var locked = path.facts().lockOn(self, path.clock().instant());
    if (locked.isPresent()) {
      return new OpenDecision.Refused(locked.get().refusal());
    }
    if (open.size() >= path.seats().limits().all()) {
      return new OpenDecision.NotNow("the Database Service has too many connections");
    }
    if (path.databases().get(message.database()).isEmpty()) {
      // After a start the cluster's databases come to be known a moment after the tunnel is up.
      return new OpenDecision.NotNow(
          "the Database Service does not serve database \"%s\" now".formatted(message.database()));
    }
    return new OpenDecision.Accepted();
  }

  @Override
  public void accepted(Channel channel, byte[] payload) {
    var message = OpenMessage.parse(payload);
    open.add(channel);
    channel.closeFuture().addListener(closed -> closed(channel));
    var handler = tls.get().newHandler(channel.alloc());
    handler.setHandshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS);
    channel.pipeline().addLast(handler, new IdentityGate(path, message, () -> draining));
  }

  private void closed(Channel channel) {
    open.remove(channel);
    synchronized (open) {
      open.notifyAll();
    }
  }

  /// Waits until no connection is open. Blocks.
  ///
  /// @return whether that is so, in that time
  public boolean awaitEmpty(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    synchronized (open) {
      while (!open.isEmpty()) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        try {
          open.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
    }
    return true;
  }

  /// How many connections are open.
  public int connections() {
    return open.size();
  }

  /// Takes no more connections; each one closes when its present answer is written.
  ///
  /// @return completes when every connection knows; from then on answers say that it closes
  public CompletableFuture<Void> drain() {
    draining = true;
    return CompletableFuture.allOf(
        open.stream()
            .map(channel -> CompletableFuture.runAsync(() -> drain(channel), channel.eventLoop()))
            .toArray(CompletableFuture[]::new));
  }

  private static void drain(Channel channel) {
    var connection = channel.pipeline().get(DatabaseConnection.class);
    // One whose handshake is under way learns of it when that is done.
    if (connection != null) {
      connection.drain();
    }
  }
}
