package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Which connection a request gets.
final class UpstreamPoolTest {
  private final EmbeddedChannel home = new EmbeddedChannel();
  private String credential = "first";

  /// Closing takes as long as TLS takes to say so: until then the channel looks alive.
  private static final class SlowToClose extends ChannelOutboundHandlerAdapter {
    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
      // Not yet.
    }
  }

  private final UpstreamPool pool =
      new UpstreamPool(
          home.eventLoop(),
          loop ->
              loop.newSucceededFuture(
                  new DialOutcome.Connected(new EmbeddedChannel(new SlowToClose()), credential)),
          LocalProxyLimits.standard(),
          new Random(1));

  @Test
  void aConnectionOfTheOldCredentialThatIsBeingClosedIsGivenToNobody() {
    pool.tick();
    home.runPendingTasks();
    assertThat(pool.idleConnections()).isEqualTo(1);
    credential = "second";
    pool.renewed(credential);
    var given = new ArrayList<Object>();
    pool.acquire(
        new UpstreamPool.Waiter() {
          @Override
          public void ready(UpstreamConnection connection) {
            given.add(connection.credential());
          }

          @Override
          public void failed(DynamoDbError answer) {
            given.add(answer);
          }
        });
    home.runPendingTasks();
    assertThat(given).containsExactly("second");
  }
}
