package dev.sallyport.proxy.browser;

/// The browser shows no session, or one that has ended. Answered with status 401, by which the web
/// app knows to ask for a sign-in.
public final class NotSignedIn extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotSignedIn(String message) {
    super(message);
  }
}
