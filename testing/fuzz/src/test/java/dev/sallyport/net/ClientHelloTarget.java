package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.fuzz.FuzzTarget;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Optional;

/** A hello is the same however its bytes arrive, keeps its limits, and is refused in one way. */
public final class ClientHelloTarget implements FuzzTarget {
  private static final int HOST_NAME_MAX = 255;
  private static final int PROTOCOLS_MAX = 32;

  /** What became of it; a fault stays one. */
  private record Outcome(Optional<ClientHello> hello, String fault) {}

  @Override
  public boolean takes(byte[] input) {
    Outcome whole = parsed(input, input.length);
    assertThat(parsed(input, 1)).isEqualTo(whole);
    whole.hello().ifPresent(ClientHelloTarget::check);
    return whole.hello().isPresent();
  }

  private static Outcome parsed(byte[] input, int piece) {
    ClientHelloParser parser = new ClientHelloParser();
    var stream = Unpooled.buffer(input.length);
    try {
      for (int at = 0; at < input.length; at += piece) {
        stream.writeBytes(input, at, Math.min(piece, input.length - at));
        Optional<ClientHello> hello = parser.parse(stream);
        if (hello.isPresent()) {
          return new Outcome(hello, "");
        }
      }
      return new Outcome(Optional.empty(), "");
    } catch (CorruptedFrameException e) {
      return new Outcome(Optional.empty(), "refused");
    }
  }

  private static void check(ClientHello hello) {
    hello
        .sni()
        .ifPresent(
            name -> assertThat(name).hasSizeBetween(1, HOST_NAME_MAX).matches("[!-@\\[-~]+"));
    assertThat(hello.alpn()).hasSizeLessThanOrEqualTo(PROTOCOLS_MAX).doesNotContain("");
  }
}
