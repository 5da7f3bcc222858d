package dev.sallyport.tsh.localproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Mutated requests, with a fixed seed over the corpus of this tree: however the bytes are cut,
/// they are read as the same requests, and what is sent on is read by another parser as exactly
/// these.
final class RequestDecoderFuzzTest {
  private static final int ROUNDS = 6_000;
  private static final String[] TOKENS = {
    "\r\n",
    "\n",
    "\r",
    "0\r\n\r\n",
    "Content-Length: 3\r\n",
    "Transfer-Encoding: chunked\r\n",
    " ",
    "\t",
    ":",
    ";",
    ",",
    "\u0000",
    "\u000b",
    "POST / HTTP/1.1\r\n",
    "Host: a\r\n",
    "0",
    "f"
  };

  /// One request, whole.
  private record Read(RequestHead head, String body) {}

  /// Requests in order, then the fault that ended them; empty when there was none.
  private record Outcome(List<Read> whole, String fault) {}

  @Test
  void cutsDoNotMatterAndAnotherParserReadsTheSame() throws IOException {
    var hostile = HostileRequestTest.smuggled();
    var wellFormed = RequestSequenceTest.Corpus.wellFormed();
    var random = new Random(20_261_126);
    var passed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var bytes =
          mutated(random.nextBoolean() ? hostile : wellFormed, random)
              .getBytes(StandardCharsets.ISO_8859_1);
      var outcome = read(bytes, bytes.length);
      assertThat(read(bytes, 1 + random.nextInt(24))).as("round %d", round).isEqualTo(outcome);
      for (var request : outcome.whole()) {
        passed++;
        assertThat(byAnotherParser(request)).as("round %d", round).isEqualTo(request.body());
      }
    }
    // Mutations that let nothing through would prove nothing.
    assertThat(passed).isGreaterThan(ROUNDS / 4);
  }

  private static String mutated(List<String> seeds, Random random) {
    var text = new StringBuilder(seeds.get(random.nextInt(seeds.size())));
    for (int i = random.nextInt(4); i > 0; i--) {
      var at = random.nextInt(text.length());
      switch (random.nextInt(5)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
        case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40)));
        default -> text.append(seeds.get(random.nextInt(seeds.size())));
      }
      if (text.isEmpty()) {
        text.append('P');
      }
    }
    return text.toString();
  }

  private static Outcome read(byte[] bytes, int piece) {
    var channel = new EmbeddedChannel(new RequestDecoder());
    var whole = new ArrayList<Read>();
    var fault = "";
    RequestHead head = null;
    var body = new StringBuilder();
    for (int at = 0; at < bytes.length; at += piece) {
      channel.writeInbound(
          Unpooled.wrappedBuffer(
              Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece))));
      for (var message = channel.readInbound(); message != null; message = channel.readInbound()) {
        assertThat(fault).as("nothing follows a fault").isEmpty();
        switch (message) {
          case RequestHead next -> {
            head = next;
            body.setLength(0);
          }
          case DynamoDbError error -> fault = error.message();
          case HttpContent content -> {
            body.append(content.content().toString(StandardCharsets.ISO_8859_1));
            if (content instanceof LastHttpContent && head != null) {
              whole.add(new Read(head, body.toString()));
            }
          }
          default -> throw new AssertionError(message.toString());
        }
        ReferenceCountUtil.release(message);
      }
    }
    channel.finishAndReleaseAll();
    return new Outcome(whole, fault);
  }

  /// The body that Netty's own parser reads from what is sent on; it must find one request there.
  private static String byAnotherParser(Read request) {
    var channel = new EmbeddedChannel(new HttpRequestDecoder());
    var head = HttpHeads.request(UnpooledByteBufAllocator.DEFAULT, request.head(), "/");
    var out = new StringBuilder(head.toString(StandardCharsets.ISO_8859_1));
    head.release();
    if (request.head().chunked()) {
      if (!request.body().isEmpty()) {
        out.append(Integer.toHexString(request.body().length())).append("\r\n");
        out.append(request.body()).append("\r\n");
      }
      out.append("0\r\n\r\n");
    } else {
      out.append(request.body());
    }
    channel.writeInbound(Unpooled.copiedBuffer(out, StandardCharsets.ISO_8859_1));
    var requests = 0;
    var body = new StringBuilder();
    for (var message = channel.readInbound(); message != null; message = channel.readInbound()) {
      if (message instanceof HttpRequest next) {
        requests++;
        assertThat(next.decoderResult().isSuccess()).as("%s", out).isTrue();
        assertThat(next.method().name()).isEqualTo(request.head().method());
      }
      if (message instanceof HttpContent content) {
        body.append(
            new String(ByteBufUtil.getBytes(content.content()), StandardCharsets.ISO_8859_1));
      }
      ReferenceCountUtil.release(message);
    }
    channel.finishAndReleaseAll();
    assertThat(requests).as("%s", out).isEqualTo(1);
    return body.toString();
  }
}
