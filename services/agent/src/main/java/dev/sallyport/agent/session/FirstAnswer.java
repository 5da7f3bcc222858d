package dev.sallyport.agent.session;

import dev.sallyport.agent.upstream.AnswerHead;
import dev.sallyport.agent.upstream.AnswerSink;
import dev.sallyport.agent.upstream.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Takes the answer to the first sending of a request. What may be a refusal of its signature is
/// held until it is whole; if the request is then sent again, nobody sees it, else it goes on as it
/// came. Everything else passes at once. On the connection's event loop, as every sink.
final class FirstAnswer implements AnswerSink {
  /// Refusals of signatures are some hundred bytes long; one that tells both canonical strings, as
  /// `InvalidSignatureException` may, is a few KiB.
  static final int HELD_MAX = 16 << 10;

  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;

  private final AnswerSink next;
  private final Predicate<String> sentAgain;
  private final List<ByteBuf> parts = new ArrayList<>();
  private final AnswerScan scan = new AnswerScan();
  private @Nullable AnswerHead held;

  /// @param next gets what passes
  /// @param sentAgain is told the code of an error; whether the request is sent again for it
  FirstAnswer(AnswerSink next, Predicate<String> sentAgain) {
    this.next = next;
    this.sentAgain = sentAgain;
  }

  @Override
  public void head(AnswerHead head) {
    boolean mayRefuse = head.status() == BAD_REQUEST || head.status() == FORBIDDEN;
    if (mayRefuse && head.length().orElse(0) <= HELD_MAX) {
      held = head;
    } else {
      next.head(head);
    }
  }

  @Override
  public void body(ByteBuf bytes) {
    if (held == null) {
      next.body(bytes);
      return;
    }
    scan.body(bytes);
    parts.add(bytes);
    if (scan.bytes() > HELD_MAX) {
      pass();
    }
  }

  @Override
  public void flush() {
    if (held == null) {
      next.flush();
    }
  }

  @Override
  public void end() {
    if (held != null && scan.errorCode().filter(sentAgain).isPresent()) {
      parts.forEach(ByteBuf::release);
      parts.clear();
      held = null;
      return;
    }
    pass();
    next.end();
  }

  @Override
  public void failed(UpstreamFailure failure) {
    pass();
    next.flush();
    next.failed(failure);
  }

  @Override
  public boolean wantsMore() {
    return held != null || next.wantsMore();
  }

  private void pass() {
    var head = held;
    if (head == null) {
      return;
    }
    held = null;
    next.head(head);
    parts.forEach(next::body);
    parts.clear();
  }
}
