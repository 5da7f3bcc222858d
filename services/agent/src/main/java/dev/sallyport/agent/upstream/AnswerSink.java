package dev.sallyport.agent.upstream;

import io.netty.buffer.ByteBuf;

/// Takes one answer. Called on the event loop that the request was sent on: [#head], any number of
/// [#body], then [#end]; or [#failed] at any point, and nothing after it.
public interface AnswerSink {
  /// The answer begins.
  void head(AnswerHead head);

  /// A part of the body, exactly as it came; the sink releases it.
  void body(ByteBuf bytes);

  /// No more is there at the moment: what was taken should go out.
  void flush();

  /// The answer is whole.
  void end();

  /// There will be no (more) answer.
  void failed(UpstreamFailure failure);

  /// Whether the sink takes more of the body now. After a no, [Exchange#resume] goes on.
  boolean wantsMore();
}
