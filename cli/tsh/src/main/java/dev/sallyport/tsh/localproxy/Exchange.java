package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One request on its way to the database, and its answer on the way back.
///
/// ```
/// WAITING ──▶ SENDING ──▶ ANSWERING ──▶ done
///    │           │ connection lost: the outcome is unknown, so the client is cut off;
///    │           │ certificate refused: the agent took nothing, so it is answered here
///    └ no connection: answered here
/// ```
///
/// A request goes out on one connection at most: once a byte of it may have left, only the client's
/// own retry rules may decide about another try. Lives on its loop.
final class Exchange implements UpstreamPool.Waiter, UpstreamConnection.Sink {
  private final ClientConnection client;
  private final UpstreamPool pool;
  private final RequestHead head;
  private final RequestGuard.Verdict.Forward verdict;

  private @Nullable UpstreamConnection upstream;
  private boolean continued;
  private boolean requestDone;
  private boolean answerStarted;
  private boolean chunkedAnswer;
  private boolean closeAfter;
  private boolean over;

  Exchange(
      ClientConnection client,
      UpstreamPool pool,
      RequestHead head,
      RequestGuard.Verdict.Forward verdict) {
    this.client = client;
    this.pool = pool;
    this.head = head;
    this.verdict = verdict;
  }

  void start() {
    pool.acquire(this);
  }

  RequestHead head() {
    return head;
  }

  /// Header lines that let an allowed web page read the answer.
  String grant() {
    return verdict.grant();
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
    connection.begin(this);
    connection.write(HttpHeads.request(client.allocator(), head, verdict.target()));
    if (requestDone) {
      sendEnd(connection);
      connection.flush();
    }
    client.upstreamReady(this);
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
    client.answerLocally(answer, requestDone);
  }

  @Override
  public void answer(HttpResponse answer) {
    answerStarted = true;
    client.progressed();
    // An answer before the request's end leaves bytes behind that are no request.
    closeAfter = !head.keepAlive() || !requestDone || client.isDraining();
    chunkedAnswer = HttpUtil.isTransferEncodingChunked(answer) && !head.http10();
    client.write(
        HttpHeads.answer(
            client.allocator(), answer, framing(answer) + verdict.grant(), closeAfter));
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
  public void lost(UpstreamConnection connection, Optional<DynamoDbError> untouched) {
    if (connection != upstream || over) {
      return;
    }
    upstream = null;
    over = true;
    if (untouched.isPresent() && !answerStarted) {
      client.answerLocally(untouched.get(), requestDone);
    } else {
      client.cutOff();
    }
  }

  @Override
  public void writabilityChanged() {
    client.pump();
  }
}
