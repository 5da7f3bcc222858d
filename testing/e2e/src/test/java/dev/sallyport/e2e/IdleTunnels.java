package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;

/** Many connections of one user to a database, opened as tsh does, without a tsh for them. */
final class IdleTunnels implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int AT_A_TIME = 32;

  private final NetRuntime runtime = new NetRuntime("idle", 1, TlsProvider.best());
  private final Queue<Channel> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicReference<String> refused = new AtomicReference<>("");
  private final Semaphore seats = new Semaphore(AT_A_TIME);
  private final TunnelConnections connections;

  private IdleTunnels(DatabaseCertificates certificates) {
    connections = new TunnelConnections(runtime, certificates);
  }

  /** Opens so many to the guide's database, with the login of an identity file. */
  static IdleTunnels open(String proxy, Path identity, String dbUser, int count)
      throws IOException, InterruptedException {
    IdentityFile login = IdentityFile.read(identity);
    ProxyAddress address = ProxyAddress.find(proxy);
    ProxyClusters clusters = new ProxyClusters(InstantSource.system(), Map.of());
    DatabaseCertificates certificates =
        new DatabaseCertificates(
            clusters,
            new LoginSource(address, () -> login, "sign in again", trust -> {}),
            new RouteWish(GuideSite.DATABASE, dbUser, Optional.empty()),
            factors -> {
              throw new AssertionError("nobody has a second factor here");
            },
            InstantSource.system());
    try (UserCluster control = clusters.open(address, login)) {
      certificates.obtain(control, login);
    }
    IdleTunnels tunnels = new IdleTunnels(certificates);
    try {
      tunnels.dialUntil(count);
      return tunnels;
    } catch (AssertionError | RuntimeException | InterruptedException e) {
      tunnels.close();
      throw e;
    }
  }

  /** Who is told that the Proxy or the agent is busy tries again. */
  private void dialUntil(int count) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (open.size() < count) {
      int missing = count - open.size();
      for (int i = 0; i < missing; i++) {
        seats.acquire();
        connections.dial(runtime.loops().next()).addListener(this::dialled);
      }
      seats.acquire(AT_A_TIME);
      seats.release(AT_A_TIME);
      assertThat(System.nanoTime()).as("%d open; %s", open.size(), refused).isLessThan(end);
    }
  }

  private void dialled(Future<? super DialOutcome> done) {
    if (done.getNow() instanceof DialOutcome.Connected(Channel channel, Object _)) {
      channel.pipeline().addLast(new Reader());
      open.add(channel);
    } else {
      refused.set(String.valueOf(done.getNow()));
    }
    seats.release();
  }

  /** Sends the request on each, a few at a time, and says how many were answered well. */
  int answeredOnEach(byte[] request) throws InterruptedException {
    for (Channel channel : open) {
      seats.acquire();
      channel.writeAndFlush(Unpooled.wrappedBuffer(request));
    }
    Awaitility.await("all answers")
        .atMost(PATIENCE)
        .until(() -> seats.availablePermits() == AT_A_TIME);
    return answered.get();
  }

  /** Of one connection and one answer. */
  private final class Reader extends ChannelInboundHandlerAdapter {
    private final StringBuilder answer = new StringBuilder();

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      answer.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
      if (answer.toString().endsWith("}")) {
        if (answer.toString().startsWith("HTTP/1.1 200 ")) {
          answered.incrementAndGet();
        }
        seats.release();
      }
    }

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
