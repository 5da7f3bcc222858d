package dev.sallyport.net.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.model.SystemRole;
import dev.sallyport.net.TestPki;
import dev.sallyport.net.TlsKind;
import dev.sallyport.pki.TlsIdentity;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Silence, death, strangers and cut streams.
class TunnelFaultsTest {
  static List<TlsKind> kinds() {
    return TlsKind.corners();
  }

  /// An agent that says HELLO and then does what the test wants with each frame.
  private static final class OddAgent extends SimpleChannelInboundHandler<Frame> {
    interface Answer {
      void to(ChannelHandlerContext here, Frame frame);
    }

    private final String hostId;
    private final Answer answer;

    OddAgent(String hostId, Answer answer) {
      this.hostId = hostId;
      this.answer = answer;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
      if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
        here.writeAndFlush(new Frame.Hello(new HelloMessage(hostId, "1").encoded()));
      }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext here, Frame frame) {
      answer.to(here, frame);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
      here.close();
    }
  }

  private static Channel park(TunnelRig rig, TlsIdentity identity, OddAgent handler)
      throws Exception {
    var context = rig.parking(identity);
    return rig.runtime("odd", 1)
        .client()
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(context.newHandler(channel.alloc()), new FrameCodec(), handler);
              }
            })
        .connect("127.0.0.1", rig.port())
        .sync()
        .channel();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aConnectionThatAnswersNoPingIsDead(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.QUICK)) {
      var identity = rig.pki.host(TunnelRig.HOST, SystemRole.DB);
      var channel = park(rig, identity, new OddAgent(TunnelRig.HOST, (here, frame) -> {}));
      rig.awaitParked(1);
      assertThat(channel.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
      await().until(() -> rig.lot.hosts().isEmpty());
    }
  }

  /// Half-open: nothing of the Proxy arrives any more, its end neither.
  @ParameterizedTest
  @MethodSource("kinds")
  void anAgentThatHearsNoPingConnectsAnew(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.QUICK)) {
      rig.agent(1, 1, rig.echo());
      rig.awaitParked(1);
      var before = List.copyOf(rig.proxyChannels);
      before.forEach(channel -> channel.pipeline().addFirst(new Mute()));
      await().until(() -> before.stream().noneMatch(Channel::isOpen));
      rig.awaitParked(1);
      assertThat(TunnelTest.echoed(TunnelRig.connected(rig.dialer()), "x")).isEqualTo("x");
    }
  }

  /// Lets nothing out, and does not close by itself.
  private static final class Mute extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext here, Object message, ChannelPromise promise) {
      ReferenceCountUtil.release(message);
      promise.setSuccess();
    }

    @Override
    public void close(ChannelHandlerContext here, ChannelPromise promise) {
      promise.setSuccess();
    }
  }

  /// Nobody waits without end for an agent that is slow, nor in a queue without end.
  @ParameterizedTest
  @MethodSource("kinds")
  void whoWaitsForAnAgentTooLongOrBehindTooManyIsToldThatItIsBusy(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.PATIENT)) {
      var identity = rig.pki.host(TunnelRig.HOST, SystemRole.DB);
      park(rig, identity, new OddAgent(TunnelRig.HOST, (here, frame) -> {}));
      rig.awaitParked(1);
      var home = rig.runtime("home", 1).loops().next();
      var payload = new OpenMessage("127.0.0.1:1", "example-dynamodb", "ab").encoded();
      var asked = rig.lot.open(home, TunnelRig.HOST, payload, TunnelRig.QUEUED);
      rig.awaitParked(0);
      var late = rig.lot.open(home, TunnelRig.HOST, payload, Duration.ofMillis(200));
      assertThat(late.get(10, TimeUnit.SECONDS)).isEqualTo(new OpenResult.Busy());
      var waiting = new ArrayList<Future<OpenResult>>();
      for (int i = 0; i < TunnelRig.QUEUE_MAX; i++) {
        waiting.add(rig.lot.open(home, TunnelRig.HOST, payload, TunnelRig.QUEUED));
      }
      var tooMany = rig.lot.open(home, TunnelRig.HOST, payload, TunnelRig.QUEUED);
      assertThat(tooMany.get(10, TimeUnit.SECONDS)).isEqualTo(new OpenResult.Busy());
      assertThat(waiting).noneMatch(Future::isDone);
      assertThat(asked.isDone()).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aSocketThatIsKilledWhileParkedIsGoneAtOnceAndReplaced(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      var identity = rig.pki.host(TunnelRig.HOST, SystemRole.DB);
      var channel = park(rig, identity, new OddAgent(TunnelRig.HOST, (here, frame) -> {}));
      rig.awaitParked(1);
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.pipeline().remove(SslHandler.class);
      channel.close().sync();
      await().atMost(Duration.ofSeconds(2)).until(() -> rig.lot.hosts().isEmpty());
    }
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      rig.agent(1, 1, rig.echo());
      rig.awaitParked(1);
      var before = List.copyOf(rig.proxyChannels);
      rig.resetProxyConnections();
      await()
          .until(() ->
              rig.lot.parked(TunnelRig.HOST) == 1 && rig.proxyChannels.size() > before.size());
      assertThat(before).noneMatch(Channel::isOpen);
      assertThat(TunnelTest.echoed(TunnelRig.connected(rig.dialer()), "x")).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anOpenWithoutAnAnswerGoesToTheNextConnection(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT, 1)) {
      rig.agent(1, 1, rig.echo());
      rig.awaitParked(1);
      var asked = new AtomicInteger();
      var identity = rig.pki.host(TunnelRig.HOST, SystemRole.DB);
      park(
          rig,
          identity,
          new OddAgent(
              TunnelRig.HOST,
              (here, frame) -> {
                if (frame instanceof Frame.Open) {
                  asked.incrementAndGet();
                }
              }));
      rig.awaitParked(2);
      var dialer = rig.dialer();
      assertThat(TunnelTest.echoed(TunnelRig.connected(dialer), "x")).isEqualTo("x");
      assertThat(asked.get()).isEqualTo(1);
      rig.awaitParked(1);
      assertThat(TunnelTest.echoed(TunnelRig.connected(dialer), "y")).isEqualTo("y");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anAgentThatNeverAnswersIsNoAgent(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelRig.QUICK)) {
      var identity = rig.pki.host(TunnelRig.HOST, SystemRole.DB);
      park(
          rig,
          identity,
          new OddAgent(
              TunnelRig.HOST,
              (here, frame) -> {
                if (frame instanceof Frame.Ping(var nonce)) {
                  here.writeAndFlush(new Frame.Pong(nonce));
                }
              }));
      rig.awaitParked(1);
      assertThat(TunnelRig.dial(rig.dialer()))
          .isEqualTo(new DialResult.Refused(StatusCode.NO_AGENT, "no agent"));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aFrameOutOfTurnEndsTheConnection(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      rig.agent(1, 1, rig.echo());
      rig.awaitParked(1);
      var good = List.copyOf(rig.proxyChannels);
      var identity = rig.pki.host(TunnelRig.HOST, SystemRole.DB);
      for (var wrong : List.of(new Frame.Accept(), new Frame.Pong(9), new Frame.Refuse("no"))) {
        var channel =
            park(
                rig,
                identity,
                new OddAgent(TunnelRig.HOST, (here, frame) -> here.writeAndFlush(wrong)));
        assertThat(channel.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
      }
      rig.awaitParked(1);
      assertThat(good).as("others go on").isNotEmpty().allMatch(Channel::isOpen);
      assertThat(TunnelTest.echoed(TunnelRig.connected(rig.dialer()), "x")).isEqualTo("x");
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anAgentMayNotParkAsAnotherHost(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      var other = rig.pki.host("another-host", SystemRole.DB);
      rig.agent(1, 1, rig.echo(), other);
      await().until(() -> !rig.lost.isEmpty());
      assertThat(rig.lost.peek()).hasMessageContaining("another host's certificate");
      assertThat(rig.lot.hosts()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void onlyTheRightKindOfCertificateGetsThrough(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      rig.agent(1, 2, rig.echo());
      rig.awaitParked(1);
      var elsewhere = new TestPki("other.example.com");
      for (var wrong :
          List.of(
              rig.pki.host(TunnelRig.HOST, SystemRole.DB),
              rig.pki.host("p", SystemRole.PROXY),
              rig.pki.host("a", SystemRole.ADMIN),
              elsewhere.user("alice"))) {
        assertThat(TunnelRig.dial(rig.dialer(wrong))).isInstanceOf(DialResult.Failed.class);
      }
      for (var wrong :
          List.of(
              rig.pki.user("alice"),
              rig.pki.host(TunnelRig.HOST, SystemRole.PROXY),
              rig.pki.host(TunnelRig.HOST, SystemRole.AUTH),
              elsewhere.host(TunnelRig.HOST, SystemRole.DB))) {
        var channel = park(rig, wrong, new OddAgent(TunnelRig.HOST, (here, frame) -> {}));
        assertThat(channel.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(rig.lot.parked(TunnelRig.HOST)).isEqualTo(1);
      }
      assertThat(rig.accepted.get()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anAnswerThatIsCutShortIsAnAbortAndNotAnEnd(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      rig.agent(1, 2, rig.echo());
      rig.awaitParked(1);
      var channel = TunnelRig.connected(rig.dialer());
      var collector = new TunnelRig.Collector();
      channel.pipeline().addLast(collector);
      rig.cutProxyConnections();
      assertThat(channel.closeFuture().await(5, TimeUnit.SECONDS)).isTrue();
      await().until(() -> collector.failure != null);
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void anOrderlyEndIsNoFailureAtEitherSide(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      var inside = new TunnelRig.Collector();
      rig.agent(1, 2, rig.inside(channel -> inside));
      rig.awaitParked(1);
      var channel = TunnelRig.connected(rig.dialer());
      var collector = new TunnelRig.Collector();
      channel.pipeline().addLast(collector);
      channel.writeAndFlush(Unpooled.copiedBuffer("all", StandardCharsets.US_ASCII)).sync();
      assertThat(channel.close().await(5, TimeUnit.SECONDS)).isTrue();
      await().until(() -> rig.splices.size() == 1);
      assertThat(rig.splices.getFirst().done().await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(rig.splices.getFirst().aborted()).isFalse();
      assertThat(inside.text).isEqualTo("all");
      assertThat(inside.failure).isNull();
      assertThat(collector.failure).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aProxyThatSendsRubbishFailsTheDial(TlsKind kind) throws Exception {
    try (var rig = new TunnelRig(kind, OuterTls.DECIDED, TunnelTimings.DEFAULT)) {
      rig.agent(
          1,
          1,
          new OpenHandler() {
            @Override
            public OpenDecision onOpen(byte[] payload) {
              return new OpenDecision.Accepted();
            }

            @Override
            public void accepted(Channel channel, byte[] payload) {
              ByteBuf rubbish = channel.alloc().buffer().writeZero(100);
              channel.writeAndFlush(rubbish);
            }
          });
      rig.awaitParked(1);
      assertThat(TunnelRig.dial(rig.dialer())).isInstanceOf(DialResult.Failed.class);
    }
  }
}
