package dev.sallyport.agent.upstream;

import dev.sallyport.agent.signing.SignedRequest;
import org.jspecify.annotations.Nullable;

/// One request on its way and its answer. Belongs to one event loop.
public final class Exchange {
  private final SignedRequest request;
  private final AnswerSink sink;
  private @Nullable UpstreamConnection connection;
  private boolean over;
  private int attempts;

  Exchange(SignedRequest request, AnswerSink sink) {
    this.request = request;
    this.sink = sink;
  }

  /// The sink takes bytes again.
  public void resume() {
    if (connection != null) {
      connection.readMore();
    }
  }

  SignedRequest request() {
    return request;
  }

  AnswerSink sink() {
    return sink;
  }

  /// Counts the connections that this was tried on.
  int nextAttempt() {
    return ++attempts;
  }

  void sentOn(UpstreamConnection on) {
    connection = on;
  }

  void end() {
    if (finish()) {
      sink.end();
    }
  }

  void fail(UpstreamFailure failure) {
    if (finish()) {
      sink.failed(failure);
    }
  }

  private boolean finish() {
    if (over) {
      return false;
    }
    over = true;
    connection = null;
    return true;
  }
}
