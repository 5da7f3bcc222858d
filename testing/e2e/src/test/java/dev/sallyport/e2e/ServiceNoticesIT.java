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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a service manager hears of services: this test is the service manager. */
@EnabledOnOs(value = OS.LINUX, architectures = "amd64")
final class ServiceNoticesIT {
  private static final long NANOS_PER_MICRO = 1_000;

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
    try (RunningProcess cluster =
        guide.site.startCluster(environment(inNoFolder ? "@" + path : path))) {
      tellsHowItFares(cluster);
    }
    manager.close().syncUninterruptibly();
  }

  /** Also one that waits for its Proxy: systemd would not start it better. */
  @Test
  void aDatabaseServiceTellsTheSameWithoutAProxyInSight() throws Exception {
    String path = folder.resolve("notify.sock").toString();
    Channel manager = listen(path);
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.putAll(environment(path));
    Files.writeString(folder.resolve("token"), "5f0c0ffee5f0c0ffee5f0c0ffee5f0c0");
    try (RunningProcess agent =
        guide.site.startService(folder.resolve("agent.yaml"), environment)) {
      tellsHowItFares(agent);
    }
    manager.close().syncUninterruptibly();
  }

  @Test
  void aDatabaseServiceThatServesTellsTheSame() throws Exception {
    String path = folder.resolve("notify.sock").toString();
    Channel manager = listen(path);
    guide.startCluster();
    guide.joinAgent().close();
    Map<String, String> environment = new HashMap<>(guide.agentEnvironment());
    environment.putAll(environment(path));
    try (RunningProcess agent =
        guide.site.startService(folder.resolve("agent.yaml"), environment)) {
      agent.awaitLine("\\[DB\\].*serving");
      tellsHowItFares(agent);
      assertThat(agent.transcript()).contains("The configuration was reloaded");
    }
    manager.close().syncUninterruptibly();
  }

  private static Map<String, String> environment(String socket) {
    return Map.of("NOTIFY_SOCKET", socket, "WATCHDOG_USEC", "600000");
  }

  private void tellsHowItFares(RunningProcess service) {
    await("READY=1", 1);
    await("WATCHDOG=1", 3);
    long before = System.nanoTime() / NANOS_PER_MICRO;
    service.hangUp();
    await("RELOADING=1", 1);
    await("READY=1", 2);
    assertThat(heard)
        .filteredOn(line -> line.startsWith("MONOTONIC_USEC="))
        .singleElement()
        .satisfies(line ->
            assertThat(Long.parseLong(line.substring("MONOTONIC_USEC=".length())))
                .as("by the clock that systemd reads")
                .isBetween(before, System.nanoTime() / NANOS_PER_MICRO));
    assertThat(heard.indexOf("RELOADING=1")).isLessThan(heard.lastIndexOf("READY=1"));
    assertThat(heard).doesNotContain("STOPPING=1");
    service.terminate();
    assertThat(service.awaitExit(Installation.PATIENCE)).contains(0);
    await("STOPPING=1", 1);
    assertThat(heard.getFirst()).isEqualTo("READY=1");
  }

  private void await(String line, int times) {
    Awaitility.await(times + " times " + line)
        .atMost(Installation.PATIENCE)
        .until(() -> heard.stream().filter(line::equals).count() >= times);
  }
}
