package dev.sallyport.net.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.sallyport.net.TlsKind;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelPipeline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

class TunnelTest {
  static List<TlsKind> kinds() {
    return TlsKind.all();
  }

  static List<TlsKind> corners() {
    return TlsKind.corners();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void bytesGoThroughAndBack(TlsKind kind) throws Exception {
    for (var outer : OuterTls.values()) {
      try (var rig = new TunnelRig(kind, outer, TunnelTimings.DEFAULT)) {
        rig.agent(2, 8, rig.echo());
        rig.awaitParked(2);
        var dialer = rig.dialer();
        for (int i = 0; i < 5; i++) {
          var channel = TunnelRig.connected(dialer);
          assertThat(echoed(channel, "hello " + i)).isEqualTo("hello " + i);
          channel.close().sync();
        }
        await().until(() -> rig.splices.size() == 5);
        for (var splice : rig.splices) {
          assertThat(splice.done().await(5, TimeUnit.SECONDS)).isTrue();
          assertThat(splice.bytesFromFirst()).isPositive();
          assertThat(splice.bytesFromSecond()).isPositive();
          assertThat(splice.aborted() && outer == OuterTls.DECIDED).isFalse();
        }
        rig.awaitParked(2);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anotherAgentThanTheOneAskedForIsToldByTheResultAlone(TlsKind kind) throws Exception {
    var pipeline = (Logger) LoggerFactory.getLogger(DefaultChannelPipeline.class);
    var log = new ListAppender<ILoggingEvent>();
    log.start();
    pipeline.addAppender(log);
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.PATIENT)) {
      rig.agent(1, 4, rig.inside("another-host", _ -> new TunnelRig.Echo()));
      rig.awaitParked(1);
      assertThat(TunnelRig.dial(rig.dialer()))
          .isInstanceOfSatisfying(
              DialResult.Failed.class,
              failed ->
                  assertThat(failed.cause())
                      .rootCause()
                      .hasMessageContaining("is not the one that was asked for"));
    } finally {
      pipeline.detachAppender(log);
    }
    assertThat(log.list)
        .extracting(event -> ThrowableProxyUtil.asString(event.getThrowableProxy()))
        .noneMatch(trace -> trace.contains("another-host"));
  }

  @ParameterizedTest
  @MethodSource("corners")
  void aBurstOfSixtyFourIsServedByFourParkedConnections(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.PATIENT)) {
      var agent = rig.agent(4, 32, rig.echo());
      rig.awaitParked(4);
      var dialer = rig.dialer();
      var dials = new ArrayList<io.netty.util.concurrent.Future<DialResult>>();
      for (int i = 0; i < 64; i++) {
        dials.add(dialer.dial(TunnelRig.DIALED));
      }
      for (var dial : dials) {
        assertThat(dial.get(35, TimeUnit.SECONDS)).isInstanceOf(DialResult.Connected.class);
      }
      assertThat(rig.accepted.get()).isEqualTo(64);
      await().until(() -> agent.parked() >= 4);
      assertThat(agent.parked()).isLessThanOrEqualTo(32);
    }
  }

  @ParameterizedTest
  @MethodSource("corners")
  void thePoolShrinksWhenItIsQuiet(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.QUICK)) {
      var agent = rig.agent(1, 16, rig.echo());
      rig.awaitParked(1);
      var dialer = rig.dialer();
      var dials = new ArrayList<io.netty.util.concurrent.Future<DialResult>>();
      for (int i = 0; i < 12; i++) {
        dials.add(dialer.dial(TunnelRig.DIALED));
      }
      for (var dial : dials) {
        assertThat(dial.get(35, TimeUnit.SECONDS)).isInstanceOf(DialResult.Connected.class);
      }
      await().atMost(Duration.ofSeconds(20)).until(() -> agent.parked() == 1);
      rig.awaitParked(1);
    }
  }

  @ParameterizedTest
  @MethodSource("corners")
  void parkedConnectionsAreReplacedWithoutAMomentWithoutAny(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      var agent = rig.agent(6, 16, rig.echo());
      rig.awaitParked(6);
      var before = List.copyOf(rig.proxyChannels);
      agent.refresh();
      await()
          .pollInterval(Duration.ofMillis(1))
          .until(() -> {
            assertThat(rig.lot.parked(TunnelRig.HOST)).isGreaterThanOrEqualTo(2);
            return before.stream().noneMatch(Channel::isActive);
          });
      rig.awaitParked(6);
      assertThat(agent.parked()).isEqualTo(6);
      assertThat(rig.lost).as("nothing was lost that was not given up").isEmpty();
      assertThat(echoed(TunnelRig.connected(rig.dialer()), "after")).isEqualTo("after");
    }
  }

  @ParameterizedTest
  @MethodSource("corners")
  void aRestartedProxyHasTheAgentBackSoon(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      rig.agent(2, 8, rig.echo());
      rig.awaitParked(2);
      var dialer = rig.dialer();
      int port = rig.port();
      rig.killProxy();
      assertThat(TunnelRig.dial(dialer)).isInstanceOf(DialResult.Failed.class);
      await().until(() -> rig.lost.size() > 4);
      rig.restartProxy(port);
      await().atMost(Duration.ofSeconds(5)).until(() -> rig.lot.parked(TunnelRig.HOST) == 2);
      var channel = TunnelRig.connected(dialer);
      assertThat(echoed(channel, "again")).isEqualTo("again");
    }
  }

  @ParameterizedTest
  @MethodSource("corners")
  void aDeadAgentIsToldAtOnceAndAnotherTakesItsPlace(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      var first = rig.agent(2, 4, rig.echo());
      rig.awaitParked(2);
      var dialer = rig.dialer();
      first.close();
      await().until(() -> rig.lot.hosts().isEmpty());
      assertThat(TunnelRig.dial(dialer))
          .isEqualTo(new DialResult.Refused(StatusCode.NO_AGENT, "no agent"));
      rig.agent(2, 4, rig.echo());
      rig.awaitParked(2);
      assertThat(echoed(TunnelRig.connected(dialer), "new")).isEqualTo("new");
    }
  }

  @ParameterizedTest
  @MethodSource("corners")
  void aRefusalReachesTheUserAndTheConnectionStaysParked(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.QUICK)) {
      var asked = new AtomicInteger();
      rig.agent(
          1,
          1,
          new OpenHandler() {
            @Override
            public OpenDecision onOpen(byte[] payload) {
              int call = asked.incrementAndGet();
              if (call == 3) {
                return new OpenDecision.NotNow("full for now");
              }
              if (call == 2) {
                throw new IllegalStateException("inside");
              }
              return new OpenDecision.Refused("at the limit");
            }

            @Override
            public void accepted(Channel channel, byte[] payload) {
              channel.close();
            }
          });
      rig.awaitParked(1);
      var dialer = rig.dialer();
      assertThat(TunnelRig.dial(dialer))
          .isEqualTo(new DialResult.Refused(StatusCode.DENIED, "at the limit"));
      assertThat(TunnelRig.dial(dialer))
          .isEqualTo(
              new DialResult.Refused(
                  StatusCode.DENIED, "the agent could not judge the connection"));
      assertThat(TunnelRig.dial(dialer))
          .isEqualTo(new DialResult.Refused(StatusCode.BUSY, "full for now"));
      rig.awaitParked(1);
    }
  }

  @ParameterizedTest
  @MethodSource("corners")
  void pingsKeepAnIdleConnectionParked(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.QUICK)) {
      rig.agent(1, 1, rig.echo());
      rig.awaitParked(1);
      await()
          .during(Duration.ofMillis(1200))
          .atMost(Duration.ofSeconds(3))
          .until(() -> rig.lot.parked(TunnelRig.HOST) == 1 && rig.lost.isEmpty());
    }
  }

  static String echoed(Channel channel, String text) {
    var collector = new TunnelRig.Collector();
    channel.pipeline().addLast(collector);
    channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    await().atMost(Duration.ofSeconds(5)).until(() -> collector.text.length() >= text.length());
    return collector.text;
  }
}
