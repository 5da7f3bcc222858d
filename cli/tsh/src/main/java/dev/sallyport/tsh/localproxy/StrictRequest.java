package dev.sallyport.tsh.localproxy;

import dev.sallyport.dynamodb.DynamoDbError;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/// A request whose signature is being verified: its body is held until the last byte has come, for
/// nothing of it may leave before. Lives on its loop.
final class StrictRequest {
  private final RequestHead head;
  private final RequestGuard.Verdict.Forward verdict;
  private final SignatureGate.Check check;
  private final HeldBodies bodies;
  private final ArrayDeque<HttpContent> contents = new ArrayDeque<>();
  private long reserved;

  /// What came of a piece of the body.
  sealed interface Step {
    /// More is to come.
    record More() implements Step {}

    /// The signature counts: the request goes on.
    record Verified() implements Step {}

    /// It is answered with this.
    record Refuse(DynamoDbError answer) implements Step {}
  }

  StrictRequest(
      RequestHead head,
      RequestGuard.Verdict.Forward verdict,
      SignatureGate.Check check,
      HeldBodies bodies) {
    this.head = head;
    this.verdict = verdict;
    this.check = check;
    this.bodies = bodies;
  }

  RequestHead head() {
    return head;
  }

  RequestGuard.Verdict.Forward verdict() {
    return verdict;
  }

  /// Takes over the content's reference.
  Step take(HttpContent content) {
    contents.addLast(content);
    var bytes = content.content().readableBytes();
    if (!bodies.reserve(bytes)) {
      return new Step.Refuse(
          DynamoDbError.throttling(
              "too many large requests at once wait for their signature to be verified"));
    }
    reserved += bytes;
    check.update(content.content());
    if (!(content instanceof LastHttpContent)) {
      return new Step.More();
    }
    return check.finish().<Step>map(Step.Refuse::new).orElseGet(Step.Verified::new);
  }

  /// The body, last piece first; the references pass over. It stays reserved until {@link #end}.
  Deque<HttpContent> giveBack() {
    var all = new ArrayDeque<HttpContent>(contents.size());
    contents.forEach(all::addFirst);
    contents.clear();
    return all;
  }

  /// Nothing of the request is held any more.
  void end() {
    contents.forEach(ReferenceCountUtil::release);
    contents.clear();
    bodies.release(reserved);
    reserved = 0;
  }
}
