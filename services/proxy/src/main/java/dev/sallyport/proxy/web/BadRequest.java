package dev.sallyport.proxy.web;

/// The client's request can't be understood; the message says why, and holds nothing of what it
/// sent.
final class BadRequest extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadRequest(String message) {
    super(message);
  }
}
