package dev.sallyport.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.fuzz.FuzzTarget;
import dev.sallyport.fuzz.NettyReading;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whatever the agent's reader takes, another parser reads as the same requests: same method,
 * target, body and number. The first byte of the input says where it is cut in two.
 */
public final class AgentRequestTarget implements FuzzTarget {
  private final BodyBudget budget = new BodyBudget(64 << 20, 32 << 20, Duration.ofSeconds(1));

  @Override
  public boolean takes(byte[] input) {
    if (input.length == 0) {
      return false;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    List<String> ours = ours(bytes, Math.min(input[0] & 0xFF, bytes.length));
    List<String> theirs =
        NettyReading.strictly(bytes).stream().map(AgentRequestTarget::shown).toList();
    assertThat(theirs.size()).isGreaterThanOrEqualTo(ours.size());
    assertThat(theirs.subList(0, ours.size())).isEqualTo(ours);
    assertThat(budget.held()).isZero();
    return !ours.isEmpty();
  }

  private List<String> ours(byte[] bytes, int cut) {
    RequestReader reader = new RequestReader(budget, "alice", ReaderLimits.DEFAULT);
    EmbeddedChannel channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.freezeTime();
    channel.pipeline().addLast(reader);
    channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, cut)));
    channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, cut, bytes.length)));
    List<String> found = new ArrayList<>();
    for (Object next = channel.readInbound(); next instanceof HeldRequest held; ) {
      String query = held.head().query().isEmpty() ? "" : "?" + held.head().query();
      found.add(
          held.head().method()
              + " "
              + held.head().path()
              + query
              + " "
              + new String(held.body(), StandardCharsets.ISO_8859_1));
      held.release();
      reader.resume();
      next = channel.readInbound();
    }
    channel.finishAndReleaseAll();
    return found;
  }

  private static String shown(NettyReading.Request request) {
    String target = request.target().replaceFirst("(?i)^https?://[^/?]*", "");
    String path = target.startsWith("/") ? target : "/" + target;
    boolean emptyQuery = path.indexOf('?') == path.length() - 1;
    String withoutEmptyQuery = emptyQuery ? path.substring(0, path.length() - 1) : path;
    return request.method() + " " + withoutEmptyQuery + " " + request.body();
  }
}
