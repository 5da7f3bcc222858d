package dev.sallyport.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Whatever this reader takes, another parser must read as the same request: same method, target,
/// body and number of requests. The other parser here is Netty's own.
class RequestReaderFuzzTest {
  private static final List<String> SEEDS =
      List.of(
          "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
          "POST http://h/x?y HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: \r\n\r\n",
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx");
  private static final List<String> PIECES =
      List.of(
          "\r",
          "\n",
          "\r\n",
          " ",
          "\t",
          ":",
          ";",
          ",",
          "0",
          "1",
          "\0",
          "chunked",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Host: b\r\n",
          "\u000b");

  private static final int ROUNDS = 1500;

  private final BodyBudget budget = new BodyBudget(64 << 20, 32 << 20, Duration.ofSeconds(1));

  @Test
  void whateverIsTakenIsReadAlikeByAnotherParser() {
    var random = new Random(26);
    int taken = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var text = mutated(random);
      var ours = ours(text, random);
      if (ours.isEmpty()) {
        continue;
      }
      taken += ours.size();
      var theirs = theirs(text);
      assertThat(theirs.size())
          .as("requests in %s", escaped(text))
          .isGreaterThanOrEqualTo(ours.size());
      assertThat(theirs.subList(0, ours.size())).as("of %s", escaped(text)).isEqualTo(ours);
    }
    // The seed is fixed, so this is no matter of how fast the machine is.
    assertThat(taken).isGreaterThan(ROUNDS / 8);
    assertThat(budget.held()).isZero();
  }

  private static String mutated(Random random) {
    var text = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
    if (random.nextInt(4) == 0) {
      text.append(SEEDS.get(random.nextInt(SEEDS.size())));
    }
    for (int change = random.nextInt(4); change > 0; change--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> text.deleteCharAt(at);
        default -> text.setCharAt(at, (char) random.nextInt(256));
      }
    }
    return text.toString();
  }

  private List<String> ours(String text, Random random) {
    var reader = new RequestReader(budget, "alice", ReaderLimits.DEFAULT);
    var channel = RequestReaderTest.channel(reader);
    var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    int cut = random.nextInt(bytes.length + 1);
    channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOf(bytes, cut)));
    channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, cut, bytes.length)));
    var found = new ArrayList<String>();
    for (Object next = channel.readInbound(); next instanceof HeldRequest held; ) {
      found.add(
          held.head().method()
              + " "
              + held.head().path()
              + (held.head().query().isEmpty() ? "" : "?" + held.head().query())
              + " "
              + new String(held.body(), StandardCharsets.ISO_8859_1));
      held.release();
      reader.resume();
      next = channel.readInbound();
    }
    channel.finishAndReleaseAll();
    return found;
  }

  private static List<String> theirs(String text) {
    var channel =
        new EmbeddedChannel(
            new HttpRequestDecoder(new HttpDecoderConfig().setStrictLineParsing(true)));
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    var found = new ArrayList<String>();
    var current = new StringBuilder();
    for (HttpObject next = channel.readInbound(); next != null; next = channel.readInbound()) {
      if (next instanceof HttpRequest head) {
        current.setLength(0);
        current.append(head.method()).append(' ').append(originForm(head.uri())).append(' ');
      }
      if (next instanceof HttpContent content) {
        current.append(content.content().toString(StandardCharsets.ISO_8859_1));
        content.release();
      }
      if (next instanceof LastHttpContent && next.decoderResult().isSuccess()) {
        found.add(current.toString());
      }
    }
    channel.finishAndReleaseAll();
    return found;
  }

  private static String originForm(String target) {
    if (target.startsWith("/")) {
      return withoutEmptyQuery(target);
    }
    var rest = target.replaceFirst("(?i)^https?://[^/?]*", "");
    return withoutEmptyQuery(rest.startsWith("/") ? rest : "/" + rest);
  }

  private static String withoutEmptyQuery(String target) {
    return target.endsWith("?") ? target.substring(0, target.length() - 1) : target;
  }

  private static String escaped(String text) {
    return text.replace("\r", "\\r").replace("\n", "\\n");
  }
}
