package dev.sallyport.policy.language;

/// An expression that can't be read, with the place.
public final class InvalidExpression extends Exception {
  private static final long serialVersionUID = 1L;

  InvalidExpression(int at, String problem) {
    super("at character %d: %s".formatted(at + 1, problem), null, false, false);
  }
}
