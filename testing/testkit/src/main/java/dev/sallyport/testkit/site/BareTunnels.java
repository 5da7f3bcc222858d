package dev.sallyport.testkit.site;

import dev.sallyport.console.ProxyAddress;
import dev.sallyport.net.NetRuntime;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.tsh.LoginSource;
import dev.sallyport.tsh.cluster.ProxyClusters;
import dev.sallyport.tsh.cluster.UserCluster;
import dev.sallyport.tsh.localproxy.DialOutcome;
import dev.sallyport.tsh.tunnel.DatabaseCertificates;
import dev.sallyport.tsh.tunnel.RouteWish;
import dev.sallyport.tsh.tunnel.TunnelConnections;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/**
 * Connections to a database, opened as tsh does, without a tsh for them: of one user or of many.
 * All on one event loop. Whoever makes it closes it, and the connections with it.
 */
public final class BareTunnels implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int AT_A_TIME = 32;
  private static final Duration AGAIN = Duration.ofMillis(100);

  private final NetRuntime runtime = new NetRuntime("bare", 1, TlsProvider.best());
  private final EventLoop loop = runtime.loops().next();
  private final ProxyClusters clusters = new ProxyClusters(InstantSource.system(), Map.of());
  private final Queue<Channel> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicReference<String> refused = new AtomicReference<>("");
  private final Semaphore seats = new Semaphore(AT_A_TIME);
  private final ProxyAddress proxy;
  private final RouteWish route;

  /** To this database of the cluster behind the Proxy, in this role; nothing is opened yet. */
  public BareTunnels(String proxy, String database, String dbUser) {
    this.proxy = ProxyAddress.find(proxy);
    this.route = new RouteWish(database, dbUser, Optional.empty());
  }

  /**
   * Opens so many more for whom the file stands. Who is told that the Proxy or the agent is busy
   * tries again.
   *
   * @throws IOException if they are not open after five minutes
   */
  public void open(IdentityFile login, int count) throws IOException, InterruptedException {
    TunnelConnections connections = new TunnelConnections(runtime, certificates(login));
    int wanted = open.size() + count;
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (open.size() < wanted) {
      int missing = wanted - open.size();
      for (int i = 0; i < missing; i++) {
        seats.acquire();
        connections.dial(loop).addListener(this::dialled);
      }
      seats.acquire(AT_A_TIME);
      seats.release(AT_A_TIME);
      if (System.nanoTime() > end) {
        throw new IOException(open.size() + " open; " + refused);
      }
    }
  }

  private DatabaseCertificates certificates(IdentityFile login) {
    DatabaseCertificates certificates =
        new DatabaseCertificates(
            clusters,
            new LoginSource(proxy, () -> login, "sign in again", trust -> {}),
            route,
            factors -> {
              throw new AssertionError("nobody has a second factor here");
            },
            InstantSource.system());
    try (UserCluster control = clusters.open(proxy, login)) {
      certificates.obtain(control, login);
    }
    return certificates;
  }

  private void dialled(Future<? super DialOutcome> done) {
    if (done.getNow() instanceof DialOutcome.Connected(Channel channel, Object _)) {
      channel.pipeline().addLast(new Fragile());
      open.add(channel);
    } else {
      refused.set(String.valueOf(done.getNow()));
    }
    seats.release();
  }

  /** Those that are open; what they receive is for who adds a handler, on {@link #loop}. */
  public List<Channel> channels() {
    return List.copyOf(open);
  }

  /** Where all of them are served. */
  public EventLoop loop() {
    return loop;
  }

  /**
   * Sends the request on each, a few at a time, and says how many were answered well. An answer
   * that says to try again is tried again, as with an SDK.
   */
  public int answeredOnEach(byte[] request) throws InterruptedException {
    for (Channel channel : open) {
      seats.acquire();
      Reader reader = new Reader(request);
      channel.pipeline().addLast(reader);
      reader.send(channel);
    }
    Awaitility.await("all answers")
        .atMost(PATIENCE)
        .until(() -> seats.availablePermits() == AT_A_TIME);
    return answered.get();
  }

  /** Of one connection and one answer. */
  private final class Reader extends ChannelInboundHandlerAdapter {
    private final byte[] request;
    private final StringBuilder answer = new StringBuilder();

    Reader(byte[] request) {
      this.request = request;
    }

    void send(Channel channel) {
      channel.writeAndFlush(Unpooled.wrappedBuffer(request));
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      answer.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
      if (answer.toString().endsWith("}")) {
        if (answer.toString().startsWith("HTTP/1.1 503 ")) {
          answer.setLength(0);
          here.executor()
              .schedule(() -> send(here.channel()), AGAIN.toMillis(), TimeUnit.MILLISECONDS);
          return;
        }
        if (answer.toString().startsWith("HTTP/1.1 200 ")) {
          answered.incrementAndGet();
        }
        here.pipeline().remove(this);
        seats.release();
      }
    }
  }

  /** What breaks is closed, of which handlers behind this one hear. */
  private static final class Fragile extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }

  @Override
  public void close() {
    runtime.close();
  }
}
