package dev.sallyport.proxy;

import java.io.IOException;

/// A Proxy Service can't start; the message says why and which setting to look at.
public final class ProxyStartException extends IOException {
  private static final long serialVersionUID = 1L;

  /// With what to tell the operator.
  public ProxyStartException(String message) {
    super(message);
  }

  /// With what to tell the operator, and the cause.
  public ProxyStartException(String message, Throwable cause) {
    super(message, cause);
  }
}
