package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One client's connection: takes its requests one after the other and gives each its answer.
///
/// Requests that a client sends ahead (pipelining) wait in the inbox, which is bounded: when it is
/// full, nothing more is read. A connection without a request in work holds nothing upstream. A
/// client that has closed its sending side still gets the answers to what it asked. Lives on its
/// loop.
final class ClientConnection extends ChannelInboundHandlerAdapter {
  private static final Duration LINGER = Duration.ofSeconds(2);

  private final LocalProxy.Front front;
  private final RequestDecoder decoder;
  private final SendPace pace = new SendPace();
  private final ArrayDeque<Object> inbox = new ArrayDeque<>();
  private long inboxBytes;
  private @Nullable ChannelHandlerContext context;
  private @Nullable RequestHead asked;
  private @Nullable StrictRequest strict;
  private @Nullable Exchange current;
  private boolean inputClosed;
  private boolean lingering;
  private boolean told;
  private boolean pumping;
  private boolean draining;
  private long lastProgress;

  ClientConnection(LocalProxy.Front front, RequestDecoder decoder) {
    this.front = front;
    this.decoder = decoder;
    this.lastProgress = System.nanoTime();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
  }

  @Override
  public void channelActive(ChannelHandlerContext ignored) {
    front.connections().add(this);
    if (front.connections().size() > front.limits().clientConnections()) {
      var now = System.nanoTime();
      front.connections().stream()
          .filter(other -> other.isAtRest(now))
          .min(Comparator.comparingLong(other -> other.lastProgress - now))
          .orElse(this)
          .close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ignored, Object message) {
    if (lingering) {
      ReferenceCountUtil.release(message);
      return;
    }
    inbox.addLast(message);
    inboxBytes += weight(message);
    if (inboxBytes > LocalProxyLimits.INBOX_BYTES_MAX) {
      context().channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ignored) {
    progressed();
    pump();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ignored, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputClosed = true;
      if (lingering) {
        if (told) {
          context().close();
        }
      } else {
        pump();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ignored) {
    if (current != null) {
      current.clientWritable(writable());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ignored) {
    front.connections().remove(this);
    drop();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ignored, Throwable cause) {
    context().close();
  }

  /// Moves on as far as possible: next request, next piece of a body, or the end.
  void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!lingering && context().channel().isActive() && step()) {
        // each step says whether another one may follow
      }
    } finally {
      pumping = false;
    }
  }

  private boolean step() {
    var exchange = current;
    if (exchange == null) {
      return strict == null ? nextRequest() : verify(strict);
    }
    if (!exchange.takesBody()) {
      exchange.flush();
      // The flush may have made room, and its event came while this very method ran.
      return exchange.takesBody();
    }
    var next = inbox.peekFirst();
    if (next == null) {
      exchange.flush();
      if (inputClosed) {
        cutOff();
      }
      return false;
    }
    if (next instanceof DynamoDbError fault) {
      // The body turned out to be malformed: the agent has not seen its end and never will.
      if (exchange.answerStarted()) {
        cutOff();
        return false;
      }
      exchange.abort();
      current = null;
      refuse(fault, exchange.grant());
      return false;
    }
    take();
    var content = (HttpContent) next;
    if (content.content().isReadable()) {
      exchange.body(content.content());
    } else {
      content.release();
    }
    if (content instanceof LastHttpContent) {
      exchange.bodyEnd();
    }
    return true;
  }

  private boolean nextRequest() {
    var next = inbox.peekFirst();
    if (next == null) {
      if (inputClosed) {
        context().close();
      }
      return false;
    }
    take();
    switch (next) {
      case RequestHead head -> begin(head);
      case DynamoDbError fault -> {
        asked = null;
        refuse(fault, "");
      }
      default -> ReferenceCountUtil.release(next);
    }
    return true;
  }

  private void begin(RequestHead head) {
    pace.headCame();
    asked = head;
    switch (front.guard().check(head)) {
      case RequestGuard.Verdict.Refuse refusal -> refuse(refusal.answer(), "");
      case RequestGuard.Verdict.Health health -> {
        if (head.bodyBytes() != 0) {
          refuse(LocalAnswers.invalid(400, "a health check has no body"), "");
        } else {
          LocalAnswers.writeHealthy(context(), !head.keepAlive());
          afterAnswer(!head.keepAlive());
        }
      }
      case RequestGuard.Verdict.Preflight preflight -> {
        if (head.bodyBytes() != 0) {
          refuse(LocalAnswers.invalid(400, "a preflight has no body"), preflight.grant());
        } else {
          LocalAnswers.writePreflight(context(), preflight.grant(), !head.keepAlive());
          afterAnswer(!head.keepAlive());
        }
      }
      case RequestGuard.Verdict.Forward forward ->
          front
              .gate()
              .ifPresentOrElse(
                  gate -> demandSignature(gate, head, forward), () -> start(head, forward));
    }
  }

  private void start(RequestHead head, RequestGuard.Verdict.Forward forward) {
    var exchange = new Exchange(this, front.pool(), head, forward);
    current = exchange;
    exchange.start();
  }

  private void demandSignature(
      SignatureGate gate, RequestHead head, RequestGuard.Verdict.Forward forward) {
    switch (gate.judge(head, forward.target())) {
      case SignatureGate.Opinion.Refuse refusal -> refuse(refusal.answer(), forward.grant());
      case SignatureGate.Opinion.Pending pending -> {
        strict = new StrictRequest(head, forward, pending.check(), front.bodies());
        if (head.expectsContinue() && inbox.isEmpty()) {
          writeContinue();
        }
      }
    }
  }

  /// Takes the next piece of a body whose signature is being verified.
  private boolean verify(StrictRequest request) {
    var next = inbox.peekFirst();
    if (next == null) {
      if (inputClosed) {
        cutOff();
      }
      return false;
    }
    take();
    if (next instanceof DynamoDbError fault) {
      refuse(fault, request.verdict().grant());
      return false;
    }
    var piece = (HttpContent) next;
    pace.bodyCame(piece.content().readableBytes());
    switch (request.take(piece)) {
      case StrictRequest.Step.More _ -> {
        return true;
      }
      case StrictRequest.Step.Refuse refusal -> {
        refuse(refusal.answer(), request.verdict().grant());
        return false;
      }
      case StrictRequest.Step.Verified _ -> {
        for (var content : request.giveBack()) {
          inbox.addFirst(content);
          inboxBytes += weight(content);
        }
        start(request.head(), request.verdict());
        return true;
      }
    }
  }

  private void endStrict() {
    if (strict != null) {
      strict.end();
      strict = null;
    }
  }

  /// The exchange has a connection and can take the body.
  void upstreamReady(Exchange exchange) {
    if (exchange.owesContinue() && inbox.isEmpty()) {
      writeContinue();
    }
    pump();
  }

  private void writeContinue() {
    context()
        .writeAndFlush(HttpHeads.write(allocator().ioBuffer(32), "HTTP/1.1 100 Continue\r\n\r\n"));
  }

  /// Answers the current request without the database. Its connection stays when the whole request
  /// is here, since nothing of it can then be mistaken for the next one.
  void answerLocally(DynamoDbError answer, boolean requestDone) {
    var exchange = current;
    current = null;
    endStrict();
    var close = exchange == null || !exchange.head().keepAlive() || !(requestDone || skipBody());
    write(answer, exchange == null ? "" : exchange.grant(), close);
    afterAnswer(close);
  }

  /// Throws the rest of the current request away; false when its end is not here.
  private boolean skipBody() {
    while (true) {
      var next = inbox.peekFirst();
      if (!(next instanceof HttpContent content)) {
        return false;
      }
      take();
      content.release();
      if (content instanceof LastHttpContent) {
        return true;
      }
    }
  }

  void exchangeOver(boolean close, boolean requestDone) {
    current = null;
    endStrict();
    afterAnswer(close || !requestDone);
  }

  private void refuse(DynamoDbError answer, String grant) {
    write(answer, grant, true);
    linger();
  }

  private void write(DynamoDbError answer, String grant, boolean close) {
    LocalAnswers.write(context(), answer, LocalAnswers.service(asked), grant, close || draining);
  }

  private void afterAnswer(boolean close) {
    progressed();
    if (close || draining) {
      linger();
    } else {
      pump();
    }
  }

  /// Closes without losing the answer: a plain close with unread input would send a reset, which
  /// makes the client's kernel drop what it has not read yet. So the sending side ends first, and
  /// what still comes is thrown away for a while.
  private void linger() {
    lingering = true;
    drop();
    if (!(context().channel() instanceof DuplexChannel channel)) {
      context().close();
      return;
    }
    if (!inputClosed) {
      channel.config().setAutoRead(true);
    }
    // Ending the sending side drops what the client was too slow to take: so after all that.
    context()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(written -> endOutput(channel, written.isSuccess()));
  }

  private void endOutput(DuplexChannel channel, boolean whole) {
    told = true;
    if (!whole || inputClosed) {
      channel.close();
      return;
    }
    channel.shutdownOutput();
    var end =
        channel
            .eventLoop()
            .schedule(() -> channel.close(), LINGER.toMillis(), TimeUnit.MILLISECONDS);
    channel.closeFuture().addListener(closed -> end.cancel(false));
  }

  /// Ends the connection as a network would: the outcome of the request is unknown, and any status
  /// would be a lie.
  void cutOff() {
    drop();
    context().close();
  }

  /// Answers the request that is here, or coming in, and ends; at once where there is none.
  void drain() {
    draining = true;
    if (isIdle()) {
      close();
    }
  }

  /// Whether it ends after the present answer.
  boolean isDraining() {
    return draining;
  }

  /// Whether nobody waits for an answer on it.
  boolean isIdle() {
    return told
        || (!lingering
            && current == null
            && strict == null
            && inbox.isEmpty()
            && !decoder.holdsPartialHead());
  }

  /// Whether nobody would miss it: it closes at once where a new client finds no room.
  private boolean isAtRest(long now) {
    return isIdle() && now - lastProgress > front.limits().restGivesWay().toNanos();
  }

  /// Ends what hangs: called about once a second.
  void checkProgress(long now) {
    var limits = front.limits();
    var quiet = now - lastProgress;
    var exchange = current;
    var owesAlone = exchange == null && (decoder.holdsPartialHead() || strict != null);
    var pauses = exchange != null && exchange.takesBody() && inbox.isEmpty();
    if (pace.tooSlow(owesAlone, now, limits.sendStall())
        || (pauses && quiet > limits.sendStall().toNanos())
        || ((exchange != null || lingering) && quiet > limits.silence().toNanos())) {
      cutOff();
    }
  }

  void progressed() {
    lastProgress = System.nanoTime();
  }

  void close() {
    context().close();
  }

  void write(ByteBuf bytes) {
    context().write(bytes, context().voidPromise());
  }

  void flush() {
    context().flush();
  }

  boolean writable() {
    return context().channel().isWritable();
  }

  ByteBufAllocator allocator() {
    return context().alloc();
  }

  private ChannelHandlerContext context() {
    var added = context;
    if (added == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return added;
  }

  /// After the input's end nothing is left to read: epoll has forgotten the channel's input, and
  /// asking for more would break the connection.
  private void take() {
    inboxBytes -= weight(inbox.removeFirst());
    var config = context().channel().config();
    var roomy = inboxBytes <= LocalProxyLimits.INBOX_BYTES_MAX / 2;
    if (roomy && !inputClosed && !config.isAutoRead()) {
      config.setAutoRead(true);
    }
  }

  private void drop() {
    var exchange = current;
    current = null;
    if (exchange != null) {
      exchange.abort();
    }
    endStrict();
    inbox.forEach(ReferenceCountUtil::release);
    inbox.clear();
    inboxBytes = 0;
  }

  private static long weight(Object message) {
    return switch (message) {
      case HttpContent content -> 64L + content.content().readableBytes();
      default -> 1024L;
    };
  }
}
