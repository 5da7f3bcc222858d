package dev.sallyport.net.tunnel;

import java.io.IOException;

/// The tunnel's other end broke the protocol, refused, or went silent; the message says which.
public final class TunnelException extends IOException {
  /// With a message for logs and users.
  public TunnelException(String message) {
    super(message);
  }
}
