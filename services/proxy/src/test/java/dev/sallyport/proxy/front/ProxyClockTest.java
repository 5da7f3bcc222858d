package dev.sallyport.proxy.front;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.model.SystemRole;
import dev.sallyport.net.tunnel.DialResult;
import dev.sallyport.net.tunnel.OpenDecision;
import dev.sallyport.pki.TlsIdentity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What users meet when the Proxy's clock is wrong for a while.
final class ProxyClockTest {
  @TempDir Path folder = Path.of("never");

  @ParameterizedTest
  @ValueSource(ints = {2, -48})
  void openConnectionsGoOnNewOnesAreRefusedAndAllIsWellOnceItIsRight(int hours) throws Exception {
    try (var rig = new FrontRig(folder, List.of())) {
      rig.announced.put(FrontRig.DATABASE, Set.of("host-1"));
      rig.agent("host-1", rig.host("host-1", SystemRole.DB), new OpenDecision.Accepted());
      await().until(() -> rig.parked.get() > 0);
      var user = rig.user(FrontRig.route(FrontRig.DATABASE));
      var open = ((DialResult.Connected) dial(rig, user)).channel();
      var got = new AtomicInteger();
      open.pipeline().addLast(new Counter(got));
      echoes(open, got, 1);

      rig.ahead = Duration.ofHours(hours);
      assertThat(dial(rig, user)).isInstanceOf(DialResult.Failed.class);
      echoes(open, got, 2);

      rig.ahead = Duration.ZERO;
      await().until(() -> dial(rig, user) instanceof DialResult.Connected);
      echoes(open, got, 3);
    }
  }

  private static DialResult dial(FrontRig rig, TlsIdentity user) throws Exception {
    return rig.dialer(user).dial().get(10, TimeUnit.SECONDS);
  }

  private static void echoes(Channel channel, AtomicInteger got, int count) {
    channel.writeAndFlush(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII));
    await().until(() -> got.get() == count);
  }

  /// Counts bytes.
  private static final class Counter extends SimpleChannelInboundHandler<ByteBuf> {
    private final AtomicInteger got;

    Counter(AtomicInteger got) {
      this.got = got;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext here, ByteBuf bytes) {
      got.addAndGet(bytes.readableBytes());
    }
  }
}
