package dev.sallyport.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.testkit.process.Installation;
import dev.sallyport.testkit.process.RunningProcess;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service manager hears of a cluster: this test is the service manager. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class ServiceNoticesIT {
  @TempDir private Path folder;
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private GuideSite guide;

  @BeforeEach
  void makeSite() throws Exception {
    guide = new GuideSite(folder);
  }

  @AfterEach
  void end() {
    guide.close();
    loop.shutdownGracefully();
  }

  private Channel listen(String path) {
    return new Bootstrap()
        .group(loop)
        .channel(EpollDomainDatagramChannel.class)
        .handler(
            new SimpleChannelInboundHandler<DomainDatagramPacket>() {
              @Override
              protected void channelRead0(ChannelHandlerContext here, DomainDatagramPacket notice) {
                heard.addAll(notice.content().toString(StandardCharsets.UTF_8).lines().toList());
              }
            })
        .bind(new DomainSocketAddress(path))
        .syncUninterruptibly()
        .channel();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readinessReloadsLifeAndTheEndAreTold(boolean inNoFolder) throws Exception {
    String path = folder.resolve("notify.sock").toString();
    Channel manager = listen(inNoFolder ? "\0" + path : path);
    Map<String, String> environment =
        Map.of("NOTIFY_SOCKET", inNoFolder ? "@" + path : path, "WATCHDOG_USEC", "600000");
    try (RunningProcess cluster = guide.site.startCluster(environment)) {
      await("READY=1", 1);
      await("WATCHDOG=1", 3);
      cluster.hangUp();
      await("RELOADING=1", 1);
      await("READY=1", 2);
      assertThat(heard).anyMatch(line -> line.matches("MONOTONIC_USEC=[0-9]+"));
      assertThat(heard.indexOf("RELOADING=1")).isLessThan(heard.lastIndexOf("READY=1"));
      assertThat(heard).doesNotContain("STOPPING=1");
      cluster.terminate();
      assertThat(cluster.awaitExit(Installation.PATIENCE)).contains(0);
      await("STOPPING=1", 1);
      assertThat(heard.getFirst()).isEqualTo("READY=1");
    }
    manager.close().syncUninterruptibly();
  }

  private void await(String line, int times) {
    Awaitility.await(times + " times " + line)
        .atMost(Installation.PATIENCE)
        .until(() -> heard.stream().filter(line::equals).count() >= times);
  }
}
