package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import dev.sallyport.net.TlsAlerts;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One connection to the database's agent, carrying one exchange at a time.
///
/// ```
///            begin                    answer and request both at their end
///  IDLE ───────────────▶ BUSY ──────────────────────────────────────────▶ back to the pool (IDLE)
///   │ any byte, or close   │ close, broken answer, answer before the request's end
///   └──────────▶ CLOSED ◀──┘
/// ```
///
/// It goes back only when the whole request was sent, the whole answer read and nothing is left: a
/// byte too many would be taken for the next answer. Lives on its loop.
final class UpstreamConnection extends ChannelInboundHandlerAdapter {
  /// An exchange that is given up after so long without a word casts doubt on idle connections.
  private static final long DOUBT_NANOS = Duration.ofSeconds(1).toNanos();

  private final Channel channel;
  private final Object credential;
  private final UpstreamPool pool;
  private final AnswerDecoder decoder = new AnswerDecoder();
  private @Nullable Sink sink;
  private boolean requestSent;
  private boolean interim;
  private boolean reusable;
  private boolean answered;
  private boolean fresh = true;
  private boolean heard;
  private long begun;
  private Optional<DynamoDbError> refusal = Optional.empty();
  private long idleSince;

  /// Who gets the answer. Each call comes on the loop.
  interface Sink {
    void answer(HttpResponse head);

    /// Takes over the content's reference.
    void answerBody(HttpContent content);

    void answerEnd();

    /// What was written to the sink may be flushed now.
    void answerPause();

    /// The connection ended before the answer's end.
    ///
    /// @param untouched what to tell the client, when it is certain that nothing of the request was
    ///   acted upon
    void lost(UpstreamConnection connection, Optional<DynamoDbError> untouched);

    /// The connection takes more of the request, or its write buffer has filled.
    void writabilityChanged();
  }

  UpstreamConnection(Channel channel, Object credential, UpstreamPool pool) {
    this.channel = channel;
    this.credential = credential;
    this.pool = pool;
  }

  void install() {
    channel.pipeline().addLast(decoder, this);
  }

  Object credential() {
    return credential;
  }

  boolean usable() {
    return channel.isActive();
  }

  long idleSince() {
    return idleSince;
  }

  void becomeIdle(long now) {
    idleSince = now;
  }

  /// Begins an exchange; the connection must be idle.
  void begin(Sink user) {
    sink = user;
    requestSent = false;
    interim = false;
    reusable = false;
    answered = false;
    heard = false;
    begun = System.nanoTime();
  }

  ChannelFuture write(ByteBuf bytes) {
    return channel.write(bytes);
  }

  void flush() {
    channel.flush();
  }

  boolean writable() {
    return channel.isWritable();
  }

  /// The last byte of the request has been written.
  void requestComplete() {
    requestSent = true;
  }

  void reading(boolean on) {
    channel.config().setAutoRead(on);
  }

  /// Ends the exchange without regard to its answer; the sink hears nothing more. When it was
  /// silent until now, what was opened before it may be as dead as this one: a network that is gone
  /// tells nobody.
  void abandon() {
    sink = null;
    channel.close();
    if (!heard && System.nanoTime() - begun >= DOUBT_NANOS) {
      pool.doubt(begun);
    }
  }

  void close() {
    channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    var user = sink;
    if (user == null || answered) {
      // Nobody asked: what an honest peer never sends.
      ReferenceCountUtil.release(message);
      channel.close();
      return;
    }
    if (message instanceof HttpResponse head) {
      head(head, user);
    }
    if (message instanceof HttpContent content) {
      content(content, user);
    }
  }

  private void head(HttpResponse head, Sink user) {
    fresh = false;
    heard = true;
    if (head.decoderResult().isFailure()) {
      fail();
      return;
    }
    interim = head.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if (interim) {
      return;
    }
    var framed =
        HttpUtil.isTransferEncodingChunked(head)
            || HttpUtil.isContentLengthSet(head)
            || head.status().code() == 204
            || head.status().code() == 304;
    if (!framed) {
      // Its end could not be told from a cut connection.
      fail();
      return;
    }
    reusable = HttpUtil.isKeepAlive(head) && head.protocolVersion().equals(HttpVersion.HTTP_1_1);
    user.answer(head);
  }

  private void content(HttpContent content, Sink user) {
    if (content.decoderResult().isFailure()) {
      content.release();
      fail();
      return;
    }
    if (interim || sink == null) {
      interim = interim && !(content instanceof LastHttpContent);
      content.release();
      return;
    }
    var last = content instanceof LastHttpContent;
    if (content.content().isReadable()) {
      user.answerBody(content);
    } else {
      content.release();
    }
    if (last && sink != null) {
      answered = true;
      user.answerEnd();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    var user = sink;
    if (user == null) {
      return;
    }
    user.answerPause();
    if (answered) {
      sink = null;
      if (requestSent && reusable && decoder.leftover() == 0) {
        channel.config().setAutoRead(true);
        pool.release(this);
      } else {
        channel.close();
      }
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (sink != null) {
      sink.writabilityChanged();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    pool.gone(this);
    fail();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (fresh && TlsAlerts.peerRefusedCertificate(cause)) {
      // In TLS 1.3 the client is done before the server has looked at its certificate. Whoever
      // refuses that has decrypted none of what followed it.
      refusal = Optional.of(pool.refusedByAgent());
    }
    channel.close();
  }

  private void fail() {
    var user = sink;
    sink = null;
    channel.close();
    if (user != null && !answered) {
      user.lost(this, refusal);
    }
  }

  /// Tells whether bytes are left that belong to no message.
  private static final class AnswerDecoder extends HttpResponseDecoder {
    AnswerDecoder() {
      super(
          new HttpDecoderConfig()
              .setMaxInitialLineLength(4096)
              .setMaxHeaderSize(LocalProxyLimits.ANSWER_HEAD_BYTES_MAX)
              .setMaxChunkSize(64 * 1024));
    }

    int leftover() {
      return actualReadableBytes();
    }
  }
}
