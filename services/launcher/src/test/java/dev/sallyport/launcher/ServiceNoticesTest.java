package dev.sallyport.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class ServiceNoticesTest {
  @TempDir Path folder = Path.of("never");
  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  private String listen() {
    var path = folder.resolve("s").toString();
    new Bootstrap()
        .group(loop)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext here, DomainDatagramPacket notice) {
                heard.add(notice.content().toString(StandardCharsets.UTF_8));
              }
            })
        .bind(new DomainSocketAddress(path))
        .syncUninterruptibly();
    return path;
  }

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
  }

  @Test
  void aProcessThatStandsStillGivesNoSignOfLife() throws InterruptedException {
    var env = Map.of("NOTIFY_SOCKET", listen(), "WATCHDOG_USEC", "30000", "WATCHDOG_PID", "7");
    var looked = new CountDownLatch(3);
    try (var notices = ServiceNotices.of(env, 7)) {
      notices.ready(within -> {
        looked.countDown();
        return looked.getCount() == 0;
      });
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("READY=1");
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("WATCHDOG=1");
      assertThat(looked.getCount()).as("the first two looks were not told").isZero();
    }
  }

  @Test
  void withoutAManagerOrWithAnothersWatchdogNothingIsTold() throws InterruptedException {
    try (var nobody = ServiceNotices.of(Map.of(), 7)) {
      nobody.ready(within -> true);
      nobody.stopping();
    }
    var env = Map.of("NOTIFY_SOCKET", listen(), "WATCHDOG_USEC", "30000", "WATCHDOG_PID", "8");
    try (var notices = ServiceNotices.of(env, 7)) {
      notices.ready(within -> true);
      notices.stopping();
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("READY=1");
      assertThat(heard.poll(30, TimeUnit.SECONDS)).isEqualTo("STOPPING=1");
    }
  }
}
