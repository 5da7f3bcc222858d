package dev.sallyport.agent.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.aws.AwsClock;
import dev.sallyport.agent.signing.Destination;
import dev.sallyport.agent.signing.ServedDatabases;
import dev.sallyport.agent.signing.SignedRequests;
import dev.sallyport.dynamodb.AwsService;
import dev.sallyport.model.Database;
import dev.sallyport.model.DatabaseAws;
import dev.sallyport.model.DatabaseTls;
import dev.sallyport.model.Metadata;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections that end when they are about to be used: the one case in which a request is tried on
/// another connection.
class LoopPoolTest {
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final String BODY = "{\"TableName\":\"t\"}";

  /// Each connection that was opened, oldest first.
  private final List<EmbeddedChannel> opened = new ArrayList<>();

  /// How many of the next connections end at the first byte that is to be written.
  private int ending;

  private final List<String> told = new ArrayList<>();
  private final EventLoop loop = new EmbeddedChannel().eventLoop();
  private final LoopPool pool =
      new LoopPool(
          loop,
          (on, connection, ready) -> {
            var channel = new EmbeddedChannel();
            connection.addTo(channel.pipeline(), Optional.empty());
            if (ending-- > 0) {
              endAtTheNextWrite(channel);
            }
            opened.add(channel);
            ready.accept(null);
          },
          new UpstreamLimits(LONG, LONG, LONG, 64),
          new AwsClock(InstantSource.system()));

  @AfterEach
  void close() {
    opened.forEach(EmbeddedChannel::finishAndReleaseAll);
  }

  @Test
  void aRequestOfWhichNoByteWasWrittenGoesOnTheNextConnectionAndArrivesOnce() {
    ending = 1;
    send();

    assertThat(opened).hasSize(2);
    assertThat(written(opened.get(0))).isEmpty();
    assertThat(written(opened.get(1))).startsWith("POST / HTTP/1.1\r\n").endsWith(BODY);
    answer(opened.get(1));
    assertThat(told).containsExactly("200", "end");
    assertThat(opened).hasSize(2);
  }

  @Test
  void soItIsWithAKeptConnection() {
    send();
    var kept = opened.getFirst();
    assertThat(written(kept)).endsWith(BODY);
    answer(kept);
    told.clear();
    endAtTheNextWrite(kept);

    send();

    assertThat(opened).hasSize(2);
    assertThat(written(kept)).as("only the first request").isEmpty();
    assertThat(written(opened.get(1))).startsWith("POST / HTTP/1.1\r\n").endsWith(BODY);
    answer(opened.get(1));
    assertThat(told).containsExactly("200", "end");
  }

  @Test
  void afterFourConnectionsThatEndBeforeTheyAreUsedItWasNotSent() {
    ending = 5;
    send();

    assertThat(opened).hasSize(4);
    assertThat(opened).allSatisfy(each -> assertThat(written(each)).isEmpty());
    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("NOT_SENT ")
        .endsWith(": connections end before they are used");
  }

  /// The decoder hands them out as they came, since they are another protocol's.
  @Test
  void bytesBehindAChangeOfProtocolAreGivenBack() {
    send();
    var channel = opened.getFirst();
    var memory = new UnpooledByteBufAllocator(false);
    channel.config().setAllocator(memory);
    channel.writeInbound(
        Unpooled.copiedBuffer(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\nbytes of it",
            StandardCharsets.US_ASCII));
    assertThat(told).singleElement().asString().startsWith("UNKNOWN_OUTCOME ");
    assertThat(memory.metric().usedHeapMemory() + memory.metric().usedDirectMemory()).isZero();
  }

  private void send() {
    var request = SignedRequests.to(destination(), BODY);
    pool.send(new Exchange(request, new Told()));
    for (int i = 0; i < opened.size(); i++) {
      // What a connection does may open another one.
      opened.get(i).runPendingTasks();
    }
  }

  private static void answer(EmbeddedChannel channel) {
    channel.writeInbound(
        Unpooled.copiedBuffer(
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", StandardCharsets.US_ASCII));
  }

  private static String written(EmbeddedChannel channel) {
    var all = new StringBuilder();
    for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
      all.append(each.toString(StandardCharsets.US_ASCII));
      each.release();
    }
    return all.toString();
  }

  private static void endAtTheNextWrite(EmbeddedChannel channel) {
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
                ctx.close();
                ctx.write(message, promise);
              }
            });
  }

  private static Destination destination() {
    var database =
        new Database(
            Metadata.named("orders"),
            "dynamodb",
            Optional.empty(),
            DatabaseAws.of("us-east-1", "123456789012"),
            DatabaseTls.SYSTEM);
    return new ServedDatabases(List.of(database), service -> Optional.empty())
        .destination("orders", AwsService.DYNAMODB);
  }

  private final class Told implements AnswerSink {
    @Override
    public void head(AnswerHead head) {
      told.add(Integer.toString(head.status()));
    }

    @Override
    public void body(ByteBuf bytes) {
      bytes.release();
    }

    @Override
    public void flush() {}

    @Override
    public void end() {
      told.add("end");
    }

    @Override
    public void failed(UpstreamFailure failure) {
      told.add(failure.kind() + " " + failure.reason());
    }

    @Override
    public boolean wantsMore() {
      return true;
    }
  }
}
