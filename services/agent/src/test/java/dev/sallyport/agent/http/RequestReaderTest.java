package dev.sallyport.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.agent.http.RequestFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {
  private static final String POST = "POST / HTTP/1.1\r\nHost: localhost\r\n";

  private final BodyBudget budget = new BodyBudget(64 << 20, 32 << 20, Duration.ofSeconds(1));
  private final RequestReader reader = new RequestReader(budget, "alice", ReaderLimits.DEFAULT);
  private final EmbeddedChannel channel = channel(reader);

  @AfterEach
  void nothingIsHeldAfterTheConnection() {
    for (Object left = channel.readInbound(); left != null; left = channel.readInbound()) {
      if (left instanceof HeldRequest held) {
        held.release();
      }
    }
    channel.close();
    channel.finishAndReleaseAll();
    assertThat(budget.held()).isZero();
  }

  @Test
  void aSizedBodyIsHeldWholeWithItsHash() throws NoSuchAlgorithmException {
    send(POST + "X-Amz-Target: DynamoDB_20120810.ListTables\r\nContent-Length: 2\r\n\r\n{}");

    var held = held();
    assertThat(held.head().method()).isEqualTo("POST");
    assertThat(held.head().path()).isEqualTo("/");
    assertThat(held.head().header("x-amz-target")).contains("DynamoDB_20120810.ListTables");
    assertThat(held.body()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    assertThat(held.bodySha256())
        .isEqualTo(MessageDigest.getInstance("SHA-256").digest(held.body()));
    held.release();
  }

  @Test
  void bytesThatDribbleInMakeTheSameRequests() {
    var text =
        POST
            + "Content-Length: 3\r\n\r\nabc"
            + POST
            + "Transfer-Encoding: chunked\r\n\r\n"
            + "2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
            + POST
            + "\r\n";
    for (byte one : text.getBytes(StandardCharsets.ISO_8859_1)) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {one}));
    }

    assertThat(body(held())).isEqualTo("abc");
    reader.resume();
    assertThat(body(held())).isEqualTo("def");
    reader.resume();
    assertThat(body(held())).isEmpty();
  }

  @Test
  void pipelinedRequestsWaitForTheirTurn() {
    send(POST + "Content-Length: 1\r\n\r\na" + POST + "Content-Length: 1\r\n\r\nb");

    assertThat(body(held())).isEqualTo("a");
    assertThat(channel.<Object>readInbound()).isNull();
    reader.resume();
    assertThat(body(held())).isEqualTo("b");
  }

  @Test
  void whilePausedAReadStandsUntilItBroughtSomething() {
    send(POST + "Content-Length: 1\r\n\r\na");
    held().release();
    int standing = reads();
    channel.pipeline().fireChannelReadComplete();
    assertThat(reads()).isGreaterThan(standing);

    channel.writeOneInbound(Unpooled.copiedBuffer(POST, StandardCharsets.ISO_8859_1));
    int reads = reads();
    channel.pipeline().fireChannelReadComplete();
    assertThat(reads()).isEqualTo(reads);
    reader.resume();
    assertThat(reads()).isGreaterThan(reads);
  }

  @Test
  void aLargeChunkedBodyIsTheSameBytes() {
    var random = new Random(3);
    var bytes = new byte[3_000_000];
    random.nextBytes(bytes);
    send(POST + "Transfer-Encoding: chunked\r\n\r\n");
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(100_000));
      send(Integer.toHexString(length) + "\r\n");
      channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
      send("\r\n");
      at += length;
    }
    send("0\r\n\r\n");

    var held = held();
    assertThat(held.body()).isEqualTo(bytes);
    assertThat(budget.held()).isGreaterThanOrEqualTo(bytes.length);
    held.release();
    assertThat(budget.held()).isZero();
  }

  @Test
  void aClientThatWaitsIsToldToContinueOnceThereIsRoom() {
    send(POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");

    assertThat(outbound()).isEqualTo("HTTP/1.1 100 Continue\r\n\r\n");
    send("{}");
    assertThat(body(held())).isEqualTo("{}");
  }

  @Test
  void aClientThatDidNotWaitIsNotToldToContinue() {
    send(POST + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}");

    assertThat(outbound()).isEmpty();
    assertThat(body(held())).isEqualTo("{}");
  }

  @Test
  void theAbsoluteFormIsTakenAndItsHostIsDropped() {
    send("POST http://169.254.169.254:80/?a=b HTTP/1.1\r\nHost: evil\r\n\r\n");

    var head = held().head();
    assertThat(head.path()).isEqualTo("/");
    assertThat(head.query()).isEqualTo("a=b");
    reader.resume();
    send("POST http://localhost HTTP/1.1\r\nHost: evil\r\n\r\n");
    assertThat(held().head().path()).isEqualTo("/");
  }

  @Test
  void keepAliveFollowsVersionAndConnection() {
    assertThat(keepAlive("POST / HTTP/1.1\r\nHost: a\r\n\r\n")).isTrue();
    assertThat(keepAlive("POST / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n")).isFalse();
    assertThat(keepAlive("POST / HTTP/1.0\r\n\r\n")).isFalse();
    assertThat(keepAlive("POST / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u000bchunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding\r\n: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: a\r\n\tfolded\r\n\r\n",
        "POST / HTTP/1.1\r\n Host: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX\0: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\nX: a\r\n\r\n",
        "POST / HTTP/1.1\nHost: a\n\n",
        "POST / HTTP/1.1\r\nHost: a\r\n\n",
        "\r\nPOST / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\n: x\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nnocolon\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST / HTTP/1.1\r\n\r\n",
        "POST / HTTP/2.0\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1 \r\nHost: a\r\n\r\n",
        "POST  / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1x\r\nHost: a\r\n\r\n",
        "POST /\r\nHost: a\r\n\r\n",
        "POST\t/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "PO(ST / HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST * HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST http:/// HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /\u00e9 HTTP/1.1\r\nHost: a\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        "\u0016\u0003\u0001\u0002\n",
      })
  void whatTwoParsersCouldReadDifferentlyIsRefusedAndNothingIsReadAfterIt(String text) {
    send(text + "POST / HTTP/1.1\r\nHost: a\r\n\r\n");

    assertThat(fault()).isEqualTo(Kind.MALFORMED);
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1;ext=1\r\na\r\n0\r\n\r\n",
        "1 \r\na\r\n0\r\n\r\n",
        "+1\r\na\r\n0\r\n\r\n",
        "0x1\r\na\r\n0\r\n\r\n",
        "-1\r\na\r\n0\r\n\r\n",
        "\r\na\r\n0\r\n\r\n",
        "1\na\r\n0\r\n\r\n",
        "1\r\na\n0\r\n\r\n",
        "1\r\nab\r\n0\r\n\r\n",
        "1\r\na\r\n0\r\nTrailer: x\r\n\r\n",
        "1\r\na\r\n0\r\n\n",
        "1\r\na\r\n0\n\r\n",
        "1\rXa\r\n0\r\n\r\n",
        "000000001\r\na\r\n0\r\n\r\n",
      })
  void aChunkThatIsNotExactlyAsItShouldIsRefused(String chunks) {
    send(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);

    assertThat(fault()).isEqualTo(Kind.MALFORMED);
  }

  @Test
  void anExpectationThatIsNotUnderstoodFails() {
    send(POST + "Expect: 200-ok\r\nContent-Length: 1\r\n\r\n");

    assertThat(fault()).isEqualTo(Kind.EXPECTATION_FAILED);
  }

  @Test
  void whatIsTooLongIsRefusedBeforeItIsRead() {
    send(POST + "Content-Length: " + ((17 << 20) + 1) + "\r\n\r\n");
    assertThat(fault()).isEqualTo(Kind.BODY_TOO_LARGE);
    assertThat(budget.held()).isZero();
  }

  @Test
  void aChunkThatWouldGoBeyondTheLimitIsRefusedByItsSizeLine() {
    send(POST + "Transfer-Encoding: chunked\r\n\r\n" + "1\r\na\r\n" + "1100000\r\n");
    assertThat(fault()).isEqualTo(Kind.BODY_TOO_LARGE);
  }

  @Test
  void aHeadThatNeverEndsIsRefused() {
    send(POST);
    for (int i = 0; i < 20; i++) {
      send("X-" + i + ": " + "v".repeat(1000) + "\r\n");
    }
    assertThat(fault()).isEqualTo(Kind.HEAD_TOO_LARGE);
  }

  @Test
  void tooManyHeadersAreRefused() {
    send(POST + "a: b\r\n".repeat(HeadParser.MAX_HEADERS) + "\r\n");
    assertThat(fault()).isEqualTo(Kind.HEAD_TOO_LARGE);
  }

  @Test
  void aHeadThatDribblesIsTooSlow() {
    send("POST / HT");
    pass(Duration.ofSeconds(16));
    assertThat(fault()).isEqualTo(Kind.TOO_SLOW);
  }

  @Test
  void aBodyThatDribblesIsTooSlowAndGivesItsMemoryBack() {
    send(POST + "Content-Length: 1000000\r\n\r\n");
    send("x".repeat(300_000));
    pass(Duration.ofSeconds(16));
    assertThat(budget.held()).isEqualTo(1_000_000);
    assertThat(channel.<Object>readInbound()).isNull();

    send("x".repeat(1000));
    pass(Duration.ofSeconds(16));

    assertThat(fault()).isEqualTo(Kind.TOO_SLOW);
    assertThat(budget.held()).isZero();
  }

  @Test
  void aRequestInWorkIsNeverTooSlow() {
    send(POST + "Content-Length: 1\r\n\r\na");
    held().release();
    pass(Duration.ofMinutes(40));

    assertThat(channel.<Object>readInbound()).isNull();
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void anIdleConnectionIsClosedAfterItsTime() {
    pass(Duration.ofMinutes(14));
    assertThat(channel.isOpen()).isTrue();
    pass(Duration.ofMinutes(8));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void aBodyThatFindsNoRoomIsRefusedAfterItsPatience() {
    var full = new BodyBudget(10, 10, Duration.ofSeconds(1));
    full.open("bob").ask(10, false, channel.eventLoop(), granted -> {});
    var other = channel(new RequestReader(full, "alice", ReaderLimits.DEFAULT));
    other.writeInbound(ascii(POST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
    assertThat(other.<Object>readInbound()).isNull();
    assertThat(other.<Object>readOutbound()).isNull();

    other.advanceTimeBy(2, TimeUnit.SECONDS);
    other.runScheduledPendingTasks();

    assertThat(((RequestFault) other.readInbound()).kind()).isEqualTo(Kind.BUSY);
    other.finishAndReleaseAll();
  }

  @Test
  void aConnectionThatEndsWithinABodyGivesItsMemoryBack() {
    send(POST + "Content-Length: 1000\r\n\r\nabc");
    assertThat(budget.held()).isEqualTo(1000);
    channel.close();
    assertThat(budget.held()).isZero();
  }

  private boolean keepAlive(String text) {
    send(text);
    var held = held();
    held.release();
    reader.resume();
    return held.head().keepAlive();
  }

  private void pass(Duration time) {
    for (long left = time.toSeconds(); left > 0; left--) {
      channel.advanceTimeBy(1, TimeUnit.SECONDS);
      channel.runScheduledPendingTasks();
    }
  }

  private HeldRequest held() {
    Object next = channel.readInbound();
    assertThat(next).isInstanceOf(HeldRequest.class);
    return (HeldRequest) next;
  }

  private static String body(HeldRequest held) {
    held.release();
    return new String(held.body(), StandardCharsets.ISO_8859_1);
  }

  private Kind fault() {
    Object next = channel.readInbound();
    assertThat(next).isInstanceOf(RequestFault.class);
    return ((RequestFault) next).kind();
  }

  private void send(String text) {
    channel.writeInbound(ascii(text));
  }

  private String outbound() {
    var text = new StringBuilder();
    for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
      text.append(next.toString(StandardCharsets.ISO_8859_1));
      next.release();
    }
    return text.toString();
  }

  private int reads() {
    return channel.pipeline().get(ReadCount.class).count;
  }

  static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
  }

  static EmbeddedChannel channel(RequestReader reader) {
    var channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.freezeTime();
    channel.pipeline().addLast(new ReadCount(), reader);
    return channel;
  }
}
