package dev.sallyport.testkit.aws;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;

/// Answers as the test says: a function from request to answer, which may be changed at any time.
public final class ScriptedUpstream implements Upstream {

  private volatile Upstream script;

  /// Begins with this script.
  public ScriptedUpstream(Upstream script) {
    this.script = Objects.requireNonNull(script, "script");
  }

  /// Follows another script from now on.
  public void follow(Upstream other) {
    script = Objects.requireNonNull(other, "other");
  }

  @Override
  public WireResponse answer(WireRequest request, AccessKey caller) {
    return script.answer(request, caller);
  }

  /// An answer as DynamoDB would give it: JSON with request id and checksum.
  public static WireResponse.Answer json(int status, String requestId, byte[] body) {
    CRC32 crc = new CRC32();
    crc.update(body);
    return WireResponse.Answer.of(
        status,
        List.of(
            new WireHeader("Server", "Server"),
            new WireHeader("Content-Type", "application/x-amz-json-1.0"),
            new WireHeader("x-amzn-RequestId", requestId),
            new WireHeader("x-amz-crc32", Long.toString(crc.getValue()))),
        body);
  }

  /// The same of text.
  public static WireResponse.Answer json(int status, String requestId, String body) {
    return json(status, requestId, body.getBytes(StandardCharsets.UTF_8));
  }
}
