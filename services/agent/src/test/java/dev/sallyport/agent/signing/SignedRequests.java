package dev.sallyport.agent.signing;

import dev.sallyport.agent.http.BodyBudget;
import dev.sallyport.agent.http.HeldRequest;
import dev.sallyport.agent.http.ReaderLimits;
import dev.sallyport.agent.http.RequestReader;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Requests as they go to AWS, without a permit: for tests of the way there.
public final class SignedRequests {
  private SignedRequests() {}

  /// One with this body.
  public static SignedRequest to(Destination destination, String body) {
    var budget = new BodyBudget(1 << 20, 1 << 20, Duration.ofSeconds(1));
    var channel = new EmbeddedChannel();
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(new RequestReader(budget, "alice", ReaderLimits.DEFAULT));
    var text = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    HeldRequest held = channel.readInbound();
    channel.finishAndReleaseAll();
    return new SignedRequest(destination, held, List.of(), Instant.EPOCH);
  }
}
