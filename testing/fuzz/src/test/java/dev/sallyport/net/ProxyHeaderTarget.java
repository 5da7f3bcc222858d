package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.fuzz.FuzzTarget;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Optional;

/** A header is the same with whatever follows, keeps its limit, and is refused in one way. */
public final class ProxyHeaderTarget implements FuzzTarget {
  @Override
  public boolean takes(byte[] input) {
    Optional<ProxyHeaderParser.Told> whole;
    try {
      whole = ProxyHeaderParser.parse(Unpooled.wrappedBuffer(input));
    } catch (CorruptedFrameException e) {
      return false;
    }
    whole.ifPresent(told -> {
      assertThat(told.length()).isBetween(1, Math.min(input.length, ProxyHeaderParser.MAX_BYTES));
      assertThat(ProxyHeaderParser.parse(Unpooled.wrappedBuffer(input, 0, told.length())))
          .isEqualTo(whole);
      assertThat(ProxyHeaderParser.parse(Unpooled.wrappedBuffer(input, 0, told.length() - 1)))
          .isEmpty();
      told.client().ifPresent(client -> assertThat(client.isUnresolved()).isFalse());
    });
    return whole.isPresent();
  }
}
