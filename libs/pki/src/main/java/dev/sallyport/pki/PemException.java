package dev.sallyport.pki;

import java.io.IOException;

/// A PEM text, certificate, key or identity file that is not what it should be. The message says
/// what is wrong and never repeats the content.
public final class PemException extends IOException {
  private static final long serialVersionUID = 1L;

  /// With what is wrong.
  public PemException(String message) {
    super(message);
  }

  /// With what is wrong and what found it.
  public PemException(String message, Throwable cause) {
    super(message, cause);
  }
}
