package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.CorruptedFrameException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloRouterTest {
  private final List<ClientHello> routed = new ArrayList<>();
  private final ByteArrayOutputStream passedOn = new ByteArrayOutputStream();

  /// A door behind an initializer, as the TLS doors are.
  private final ChannelHandler door =
      new ChannelInitializer<Channel>() {
        @Override
        protected void initChannel(Channel channel) {
          channel
              .pipeline()
              .addLast(
                  new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object message) {
                      var bytes = (ByteBuf) message;
                      passedOn.writeBytes(ByteBufUtil.getBytes(bytes));
                      bytes.release();
                    }
                  });
        }
      };

  private final EmbeddedChannel channel =
      new EmbeddedChannel(
          new ClientHelloRouter(hello -> {
            routed.add(hello);
            return hello.offers("closed") ? Optional.empty() : Optional.of(door);
          }));

  @Test
  void routesByNameAndProtocolAndReplaysEveryByte() throws Exception {
    byte[] hello = Hellos.of("Proxy.Example.com", "teleport-auth", "h2");
    send(hello);
    send(new byte[] {1, 2, 3});
    assertThat(routed)
        .containsExactly(
            new ClientHello(Optional.of("proxy.example.com"), List.of("teleport-auth", "h2")));
    byte[] expected = Arrays.copyOf(hello, hello.length + 3);
    System.arraycopy(new byte[] {1, 2, 3}, 0, expected, hello.length, 3);
    assertThat(passedOn.toByteArray()).isEqualTo(expected);
    channel.finishAndReleaseAll();
  }

  @Test
  void routesAHelloWithoutNameAndProtocol() throws Exception {
    send(Hellos.of(""));
    assertThat(routed).containsExactly(new ClientHello(Optional.empty(), List.of()));
    channel.finishAndReleaseAll();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 100, 16000})
  void routesAHelloInSmallRecordsAndSmallReads(int size) throws Exception {
    byte[] hello = Hellos.inRecordsOf(size, Hellos.of("a.example", "teleport-dynamodb"));
    if (hello.length <= ClientHelloParser.MAX_BUFFERED_BYTES) {
      for (byte one : hello) {
        send(new byte[] {one});
      }
      assertThat(routed)
          .containsExactly(new ClientHello(Optional.of("a.example"), List.of("teleport-dynamodb")));
      assertThat(passedOn.toByteArray()).isEqualTo(hello);
    }
    channel.finishAndReleaseAll();
  }

  @Test
  void closesWhenThereIsNoDoor() throws Exception {
    send(Hellos.of("a.example", "closed"));
    assertThat(channel.isOpen()).isFalse();
    assertThat(passedOn.size()).isZero();
    channel.finishAndReleaseAll();
  }

  @Test
  void closesWhatIsNotTls() {
    send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(channel.isOpen()).isFalse();
    assertThat(routed).isEmpty();
    channel.finishAndReleaseAll();
  }

  @Test
  void closesAHelloThatClaimsMoreThanTheLimit() {
    send(new byte[] {22, 3, 1, 0x40, 0, 1, 0, 0x40, 1});
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void closesAClientThatSendsNothing() {
    channel.advanceTimeBy(
        ClientHelloRouter.HELLO_TIMEOUT.plus(Duration.ofMillis(1)).toMillis(),
        TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isFalse();
    channel.finishAndReleaseAll();
  }

  @Test
  void leavesARoutedConnectionAloneWhenTheTimeIsUp() throws Exception {
    send(Hellos.of("a.example", "h2"));
    channel.advanceTimeBy(1, TimeUnit.HOURS);
    channel.runScheduledPendingTasks();
    assertThat(channel.isOpen()).isTrue();
    channel.finishAndReleaseAll();
  }

  @Test
  void parsesOrRefusesWhateverIsMutated() throws Exception {
    var random = new Random(20261122);
    byte[] good = Hellos.of("proxy.example.com", "teleport-auth", "h2", "http/1.1");
    int parsed = 0;
    int refused = 0;
    long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
    while (System.nanoTime() < end) {
      byte[] bytes = mutated(random, good);
      var buffer = Unpooled.wrappedBuffer(bytes);
      try {
        if (new ClientHelloParser().parse(buffer).isPresent()) {
          parsed++;
        }
        assertThat(buffer.readerIndex()).isZero();
      } catch (CorruptedFrameException e) {
        refused++;
      }
    }
    assertThat(parsed).isPositive();
    assertThat(refused).isPositive();
    channel.finishAndReleaseAll();
  }

  private static byte[] mutated(Random random, byte[] good) {
    byte[] bytes = Arrays.copyOf(good, 1 + random.nextInt(good.length));
    if (random.nextInt(4) > 0) {
      bytes = good.clone();
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextInt(8) == 0
        ? Hellos.inRecordsOf(1 + random.nextInt(200), bytes.length < 6 ? good : bytes)
        : bytes;
  }

  private void send(byte[] bytes) {
    channel.writeInbound(Unpooled.copiedBuffer(bytes));
  }
}
