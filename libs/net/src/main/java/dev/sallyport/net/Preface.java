package dev.sallyport.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;

/// What a relay tells its target of the client before the client's first byte.
@FunctionalInterface
public interface Preface {
  /// Tells nothing.
  Preface NONE = (_, _, _) -> Unpooled.EMPTY_BUFFER;

  /// The bytes. Called once for each connection, on the client's event loop, so it must not block.
  ///
  /// @param client where the client connected from
  /// @param here where it connected to
  ByteBuf of(ByteBufAllocator allocator, InetSocketAddress client, InetSocketAddress here);
}
