package dev.sallyport.net.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.sallyport.model.SystemRole;
import dev.sallyport.net.TlsKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Many connections at once: idle ones stay usable, and who lost the Proxy together comes back. The
/// long forms need file descriptors: `ulimit -n` of 42,000 for all ten thousand, since both ends
/// and the Proxy are in this process; with fewer they take as many as there are descriptors for and
/// say so, or fail where the environment asks for everything (`SALLYPORT_REQUIRE_CLIENTS=1`).
final class CrowdTest {
  private static final Logger log = LoggerFactory.getLogger(CrowdTest.class);
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final boolean REQUIRED = Boolean.getBoolean("clients.required");
  private static final int AT_A_TIME = 32;
  private static final int DESCRIPTORS_FOR_OTHERS = 2_000;

  /// tsh's end, both ends of the Proxy, the agent's end.
  private static final int DESCRIPTORS_EACH = 4;

  /// What came of dials, and the bytes that came back on their connections.
  @ChannelHandler.Sharable
  private static final class Crowd extends ChannelInboundHandlerAdapter {
    final Queue<Channel> connected = new ConcurrentLinkedQueue<>();
    final Queue<Object> failed = new ConcurrentLinkedQueue<>();
    final AtomicLong bytes = new AtomicLong();
    private final Semaphore seats = new Semaphore(AT_A_TIME);

    void dial(TunnelDialer dialer, int count) throws InterruptedException {
      for (int i = 0; i < count; i++) {
        seats.acquire();
        dialer
            .dial(PATIENCE)
            .addListener((Future<DialResult> done) -> {
              seats.release();
              if (done.isSuccess() && done.getNow() instanceof DialResult.Connected(var channel)) {
                channel.pipeline().addLast(this);
                connected.add(channel);
              } else {
                failed.add(done.isSuccess() ? done.getNow() : done.cause());
              }
            });
      }
      await().atMost(PATIENCE).until(() -> connected.size() + failed.size() == count);
      assertThat(failed).isEmpty();
    }

    /// Every connection sends a byte and gets it back.
    void allWork() {
      long before = bytes.get();
      for (var channel : connected) {
        channel.writeAndFlush(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII));
      }
      await().atMost(PATIENCE).until(() -> bytes.get() == before + connected.size());
    }

    @Override
    public void channelRead(ChannelHandlerContext here, Object message) {
      var read = (ByteBuf) message;
      bytes.addAndGet(read.readableBytes());
      read.release();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }

  private static int affordable(int wanted) {
    var system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long descriptors = system.getMaxFileDescriptorCount();
    long fit = (descriptors - DESCRIPTORS_FOR_OTHERS) / DESCRIPTORS_EACH;
    if (fit >= wanted) {
      return wanted;
    }
    var less = fit + " connections instead of " + wanted + ", since ulimit -n is " + descriptors;
    assertThat(REQUIRED).as(less + ", and the environment asks for all").isFalse();
    log.warn(less);
    return (int) fit;
  }

  private static long memory() {
    System.gc();
    long direct = 0;
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider measured) {
      direct = measured.metric().usedDirectMemory();
    }
    return direct + ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void fiveHundredIdleConnectionsStayUsable() throws Exception {
    idle(500);
  }

  @Test
  @Tag("long")
  void tenThousandIdleConnectionsStayUsable() throws Exception {
    idle(affordable(10_000));
  }

  private static void idle(int count) throws Exception {
    try (var rig =
        new TunnelRig(TlsKind.corners().getFirst(), OuterTls.DECIDED, TunnelRig.PATIENT)) {
      rig.agent(8, 64, rig.echo());
      rig.awaitParked(8);
      var crowd = new Crowd();
      long before = memory();
      crowd.dial(rig.dialer(), count);
      crowd.allWork();
      long each = (memory() - before) / count;
      log.info(
          "an idle connection takes {} bytes at tsh, Proxy and agent together, without what the TLS"
              + " library and the system keep; {} connections",
          each,
          count);
      crowd.allWork();
      assertThat(crowd.connected).hasSize(count).allMatch(Channel::isActive);
      assertThat(rig.accepted.get()).isEqualTo(count);
    }
  }

  @Test
  void fiftyAgentsAndTheirUsersAreServedAgainAfterTheProxysReturn() throws Exception {
    comeBack(50);
  }

  @Test
  @Tag("long")
  void aThousandAgentsAndTheirUsersAreServedAgainAfterTheProxysReturn() throws Exception {
    comeBack(1_000);
  }

  private static void comeBack(int count) throws Exception {
    try (var rig =
        new TunnelRig(TlsKind.corners().getFirst(), OuterTls.DECIDED, TunnelRig.PATIENT)) {
      var agents = agents(rig, count);
      awaitParked(rig, count);
      var crowd = new Crowd();
      crowd.dial(rig.dialer(), count);
      crowd.allWork();
      awaitParked(rig, count);
      int port = rig.port();
      rig.killProxy();
      await().atMost(PATIENCE).until(() -> crowd.connected.stream().noneMatch(Channel::isActive));
      await().atMost(PATIENCE).until(() -> rig.lost.size() > count);
      rig.restartProxy(port);
      awaitParked(rig, count);
      var again = new Crowd();
      again.dial(rig.dialer(), count);
      again.allWork();
      agents.forEach(TunnelClient::close);
    }
  }

  private static void awaitParked(TunnelRig rig, int count) {
    await().atMost(PATIENCE).until(() -> rig.lot.parked(TunnelRig.HOST) >= count);
  }

  /// Each keeps one connection parked; all on one event loop.
  private static List<TunnelClient> agents(TunnelRig rig, int count) {
    var loops = rig.runtime("agents", 1);
    var context = rig.parking(rig.pki.host(TunnelRig.HOST, SystemRole.DB));
    var settings =
        new TunnelClient.Settings(
            "127.0.0.1", rig.port(), new HelloMessage(TunnelRig.HOST, "1.0.0").encoded(), 1, 4);
    var events =
        new TunnelEvents() {
          @Override
          public void parked(byte[] answer) {}

          @Override
          public void lost(Throwable cause) {
            rig.lost.add(cause);
          }
        };
    var agents = new ArrayList<TunnelClient>();
    var echo = rig.echo();
    for (int i = 0; i < count; i++) {
      var agent =
          new TunnelClient(
              loops,
              () -> context,
              settings,
              echo,
              events,
              new TunnelClient.Policy(rig.timings, OuterTls.DECIDED, new Random(i)));
      agent.start();
      agents.add(agent);
    }
    return agents;
  }

  @Test
  void agentsThatLostTheirProxyTogetherComeBackSpread() {
    var longest = Duration.ofSeconds(1);
    int agents = 1_000;
    for (int failures = 1; failures <= 12; failures++) {
      long step = Math.min(1_000, 50L << (failures - 1));
      var pauses = new ArrayList<Long>();
      for (int seed = 0; seed < agents; seed++) {
        pauses.add(TunnelClient.pauseMillis(failures, longest, new Random(seed)));
      }
      assertThat(pauses).allMatch(pause -> pause >= step / 2 && pause <= step);
      // Of each tenth of the spread, about a tenth of the agents.
      for (int tenth = 0; tenth < 10; tenth++) {
        double from = step / 2.0 + step / 20.0 * tenth;
        double to = from + step / 20.0;
        assertThat(pauses.stream().filter(pause -> pause >= from && pause < to).count())
            .as("after %d failures, from %.1f to %.1f ms", failures, from, to)
            .isBetween(20L, 250L);
      }
    }
  }
}
