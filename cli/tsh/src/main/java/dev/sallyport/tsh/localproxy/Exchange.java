package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One request on its way to the database, and its answer on the way back.
///
/// ```
/// WAITING ──▶ SENDING ──▶ ANSWERING ──▶ done
///    │           │ connection dead before the request left: WAITING once more
///    │           └ connection lost: the outcome is unknown, so the client is cut off
///    └ no connection: answered here
/// ```
///
/// A request is sent a second time only when the first connection refused its very first bytes. An
/// agent acts on whole requests alone, so nothing can have happened then; in every other case it
/// may have, and only the client's own retry rules may decide. Lives on its loop.
final class Exchange implements UpstreamPool.Waiter, UpstreamConnection.Sink {
  private static final int ATTEMPTS_MAX = 2;

  private final ClientConnection client;
  private final UpstreamPool pool;
  private final RequestHead head;
  private final String target;

  private @Nullable UpstreamConnection upstream;
  private @Nullable List<ByteBuf> replay = new ArrayList<>();
  private int replayBytes;
  private int attempts;
  private boolean continued;
  private boolean headSent;
  private boolean requestDone;
  private boolean answerStarted;
  private boolean chunkedAnswer;
  private boolean closeAfter;
  private boolean over;

  Exchange(ClientConnection client, UpstreamPool pool, RequestHead head, String target) {
    this.client = client;
    this.pool = pool;
    this.head = head;
    this.target = target;
  }

  void start() {
    pool.acquire(this);
  }

  RequestHead head() {
    return head;
  }

  boolean answerStarted() {
    return answerStarted;
  }

  /// Whether the client waits to be told that it may send the body. True once at most.
  boolean owesContinue() {
    var owed = !continued && !requestDone && head.expectsContinue();
    continued = true;
    return owed;
  }

  /// Whether the next piece of the body can be taken now.
  boolean takesBody() {
    return upstream != null && !requestDone && upstream.writable();
  }

  /// Sends a piece of the body; the reference passes over.
  void body(ByteBuf bytes) {
    var connection = upstream;
    if (connection == null) {
      bytes.release();
      return;
    }
    if (replay != null) {
      replayBytes += bytes.readableBytes();
      if (replayBytes <= LocalProxyLimits.REPLAY_BYTES_MAX) {
        replay.add(bytes.retainedDuplicate());
      } else {
        dropReplay();
      }
    }
    send(connection, bytes);
  }

  void bodyEnd() {
    requestDone = true;
    if (upstream != null) {
      sendEnd(upstream);
    }
  }

  void flush() {
    if (upstream != null) {
      upstream.flush();
    }
  }

  /// Lets the answer flow or waits, as the client can take it.
  void clientWritable(boolean writable) {
    if (upstream != null && answerStarted) {
      upstream.reading(writable);
    }
  }

  /// The client is gone: nobody wants the answer.
  void abort() {
    over = true;
    dropReplay();
    pool.cancel(this);
    var connection = upstream;
    upstream = null;
    if (connection != null) {
      connection.abandon();
    }
  }

  @Override
  public void ready(UpstreamConnection connection) {
    upstream = connection;
    attempts++;
    connection.begin(this);
    connection
        .write(HttpHeads.request(client.allocator(), head, target))
        .addListener(future -> headWritten(connection, future));
    if (replay != null) {
      for (var bytes : replay) {
        send(connection, bytes.retainedDuplicate());
      }
    }
    if (requestDone) {
      sendEnd(connection);
      connection.flush();
    }
    client.upstreamReady(this);
  }

  private void headWritten(UpstreamConnection connection, Future<?> future) {
    if (connection != upstream) {
      return;
    }
    if (future.isSuccess()) {
      headSent = true;
      dropReplay();
    } else {
      connection.abandon();
      lost(connection);
    }
  }

  private void send(UpstreamConnection connection, ByteBuf bytes) {
    if (!head.chunked()) {
      connection.write(bytes);
      return;
    }
    connection.write(HttpHeads.chunkStart(client.allocator(), bytes.readableBytes()));
    connection.write(bytes);
    connection.write(HttpHeads.chunkEnd(client.allocator()));
  }

  private void sendEnd(UpstreamConnection connection) {
    if (head.chunked()) {
      connection.write(HttpHeads.lastChunk(client.allocator()));
    }
    connection.requestComplete();
  }

  @Override
  public void failed(DynamoDbError answer) {
    over = true;
    dropReplay();
    client.answerLocally(answer, requestDone);
  }

  @Override
  public void answer(HttpResponse answer) {
    answerStarted = true;
    client.progressed();
    // An answer before the request's end leaves bytes behind that are no request.
    closeAfter = !head.keepAlive() || !requestDone;
    chunkedAnswer = HttpUtil.isTransferEncodingChunked(answer) && !head.http10();
    client.write(HttpHeads.answer(client.allocator(), answer, framing(answer), closeAfter));
  }

  private String framing(HttpResponse answer) {
    if (HttpUtil.isContentLengthSet(answer)) {
      return "Content-Length: " + HttpUtil.getContentLength(answer) + "\r\n";
    }
    return chunkedAnswer ? "Transfer-Encoding: chunked\r\n" : "";
  }

  @Override
  public void answerBody(HttpContent content) {
    var bytes = content.content();
    if (chunkedAnswer) {
      client.write(HttpHeads.chunkStart(client.allocator(), bytes.readableBytes()));
      client.write(bytes);
      client.write(HttpHeads.chunkEnd(client.allocator()));
    } else {
      client.write(bytes);
    }
    client.progressed();
    if (!client.writable() && upstream != null) {
      client.flush();
      upstream.reading(client.writable());
    }
  }

  @Override
  public void answerEnd() {
    if (chunkedAnswer) {
      client.write(HttpHeads.lastChunk(client.allocator()));
    }
    over = true;
    dropReplay();
    upstream = null;
    client.flush();
    client.exchangeOver(closeAfter, requestDone);
  }

  @Override
  public void answerPause() {
    if (!over) {
      client.flush();
    }
  }

  @Override
  public void lost(UpstreamConnection connection) {
    if (connection != upstream || over) {
      return;
    }
    upstream = null;
    if (!headSent && !answerStarted && replay != null && attempts < ATTEMPTS_MAX) {
      pool.acquire(this);
      return;
    }
    over = true;
    dropReplay();
    client.cutOff();
  }

  @Override
  public void writabilityChanged() {
    client.pump();
  }

  private void dropReplay() {
    if (replay != null) {
      replay.forEach(ByteBuf::release);
      replay = null;
    }
  }
}
