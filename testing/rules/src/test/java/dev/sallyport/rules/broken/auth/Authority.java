package dev.sallyport.rules.broken.auth;

import dev.sallyport.rules.broken.sigv4.SignedRequest;
import io.netty.buffer.Unpooled;

/// A service that holds Netty buffers.
public final class Authority {
  public Object buffer() {
    return Unpooled.EMPTY_BUFFER;
  }

  public SignedRequest request() {
    return new SignedRequest();
  }
}
