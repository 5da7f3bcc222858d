package dev.sallyport.agent.upstream;

import dev.sallyport.agent.signing.Destination;
import dev.sallyport.sigv4.Header;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection to AWS and at most one exchange on it.
///
/// ```
/// IDLE ──send──▶ WAITING ──head──▶ STREAMING ──whole──▶ IDLE (back to the pool) or closed
/// ```
///
/// Reads only what the sink wants; while idle, one read stands so that a close is noticed. Bytes
/// that nobody asked for close it.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  private static final int MAX_INTERIM = 8;
  private static final int SWITCHING = 101;
  private static final int FIRST_FINAL = 200;

  private final LoopPool pool;
  private final Destination destination;
  private final UpstreamLimits limits;
  private final WireWatch wire;
  private final AnswerDecoder decoder;
  private final Silence silence = new Silence();
  private @Nullable Channel channel;
  private @Nullable Exchange exchange;
  private boolean streaming;
  private boolean interim;
  private int interims;
  private boolean reusable;
  private boolean endsWithClose;
  private boolean closedCleanly;
  private long writtenAtLastLook;
  private @Nullable ScheduledFuture<?> timer;
  private long idleSince;
  private Instant sentAt = Instant.MAX;

  UpstreamConnection(LoopPool pool, Destination destination, UpstreamLimits limits) {
    this.pool = pool;
    this.destination = destination;
    this.limits = limits;
    this.wire = new WireWatch();
    this.decoder = new AnswerDecoder();
  }

  Destination destination() {
    return destination;
  }

  /// Puts itself behind what is there; TLS, if any, goes between the wire and the rest.
  void addTo(ChannelPipeline pipeline, Optional<SslHandler> handshaker) {
    pipeline.addLast(wire);
    handshaker.ifPresent(pipeline::addLast);
    pipeline.addLast(decoder, this);
  }

  boolean usable() {
    return channel != null && channel.isActive() && exchange == null;
  }

  long idleSince() {
    return idleSince;
  }

  void close() {
    if (channel != null) {
      channel.close();
    }
  }

  /// Sends the request. Nothing is ever sent twice on the same connection.
  void send(Exchange next) {
    var out = channel;
    if (out == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    exchange = next;
    next.sentOn(this);
    streaming = false;
    interim = false;
    interims = 0;
    silence.begin();
    wire.reset();
    sentAt = pool.clock().local();
    out.write(next.request().encodedHead(out.alloc()));
    out.writeAndFlush(next.request().body())
        .addListener(written -> {
          if (!written.isSuccess()) {
            lost("writing failed: " + written.cause());
          }
        });
    if (exchange == next) {
      // Writing may have failed already, and then another connection has it.
      writtenAtLastLook = wire.progress(out);
      startTimer(out);
      out.read();
    }
  }

  void readMore() {
    if (channel != null && (exchange == null || !streaming || exchange.sink().wantsMore())) {
      channel.read();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (exchange != null && streaming) {
      exchange.sink().flush();
    }
    readMore();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    silence.broken();
    // Behind a change of protocol, bytes come as they are.
    if (exchange == null
        || !(message instanceof HttpObject part)
        || part.decoderResult().isFailure()) {
      ReferenceCountUtil.release(message);
      lost(exchange == null ? "bytes came unasked" : "the answer is not HTTP/1.1");
      return;
    }
    if (part instanceof HttpResponse response) {
      head(response);
    }
    if (part instanceof HttpContent content) {
      body(content);
    }
  }

  private void head(HttpResponse response) {
    var current = exchange;
    int status = response.status().code();
    interim = status < FIRST_FINAL;
    if (interim && (status == SWITCHING || ++interims > MAX_INTERIM)) {
      lost("the answer is an interim one of status " + status);
    }
    if (interim || current == null || exchange == null) {
      return;
    }
    var headers = new ArrayList<Header>();
    try {
      for (var header : response.headers()) {
        headers.add(new Header(header.getKey(), header.getValue()));
      }
    } catch (IllegalArgumentException e) {
      lost("a header of the answer is not one");
      return;
    }
    var date = response.headers().get(HttpHeaderNames.DATE);
    if (date != null) {
      pool.clock().heard(destination.endpoint(), sentAt, date);
    }
    streaming = true;
    reusable = HttpUtil.isKeepAlive(response);
    long length = HttpUtil.getContentLength(response, -1L);
    endsWithClose = length < 0 && !HttpUtil.isTransferEncodingChunked(response);
    current
        .sink()
        .head(
            new AnswerHead(
                status,
                response.status().reasonPhrase(),
                headers,
                length < 0 ? OptionalLong.empty() : OptionalLong.of(length)));
  }

  private void body(HttpContent content) {
    ByteBuf bytes = content.content();
    var current = exchange;
    if (interim || current == null || !bytes.isReadable()) {
      bytes.release();
    } else {
      current.sink().body(bytes);
    }
    if (content instanceof LastHttpContent && !interim && current != null) {
      whole(current);
    }
  }

  private void whole(Exchange current) {
    if (endsWithClose && destination.endpoint().tls() && !closedCleanly) {
      lost("the connection was cut off within the answer");
      return;
    }
    stopTimer();
    exchange = null;
    streaming = false;
    if (reusable && !endsWithClose && decoder.isEmpty() && channel != null && channel.isActive()) {
      idleSince = System.nanoTime();
      pool.keep(this);
    } else {
      close();
    }
    current.end();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslCloseCompletionEvent closed) {
      closedCleanly = closed.isSuccess();
    }
    ctx.fireUserEventTriggered(event);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    lost("the connection was closed before the answer was whole");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    lost("the connection failed: " + cause);
  }

  private void lost(String reason) {
    stopTimer();
    pool.forget(this);
    close();
    var current = exchange;
    exchange = null;
    if (current == null) {
      return;
    }
    if (wire.touched()) {
      current.fail(UpstreamFailure.unknown(destination + ": " + reason));
    } else {
      pool.send(current);
    }
  }

  private void startTimer(Channel on) {
    stopTimer();
    long look = Math.max(1, limits.answer().toMillis() / Silence.LOOKS);
    timer = on.eventLoop().scheduleAtFixedRate(this::lookSilent, look, look, TimeUnit.MILLISECONDS);
  }

  /// Silence counts only while bytes are asked for, since a slow client is no fault of AWS, and not
  /// while the request is still going out.
  private void lookSilent() {
    var current = exchange;
    boolean asked = current != null && (!streaming || current.sink().wantsMore());
    long written = channel == null ? 0 : wire.progress(channel);
    boolean sending = written != writtenAtLastLook;
    writtenAtLastLook = written;
    if (!asked || sending) {
      silence.broken();
    }
    if (silence.look()) {
      lost("no answer within " + limits.answer().toSeconds() + " s");
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
