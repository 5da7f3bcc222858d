package dev.sallyport.pki;

/// A certificate's identity extension that is missing or not exactly in the form that this version
/// writes.
public final class InvalidIdentity extends Exception {
  private static final long serialVersionUID = 1L;

  /// With what is wrong.
  public InvalidIdentity(String message) {
    super(message);
  }
}
