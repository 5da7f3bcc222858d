package dev.sallyport.policy.language;

/// An expression could not be evaluated: what it asks for is not known, or a value does not fit.
/// Whoever evaluates must then allow nothing and deny everything.
public final class Undecided extends Exception {
  private static final long serialVersionUID = 1L;

  /// Whether only the thing that is judged is unknown as yet.
  private final boolean untold;

  Undecided(String message) {
    this(message, false);
  }

  private Undecided(String message, boolean untold) {
    super(message, null, false, false);
    this.untold = untold;
  }

  /// The expression asks for a fact that the caller could not tell.
  public static Undecided untold(String fact) {
    return new Undecided(fact + " is not known here", true);
  }

  public boolean isUntold() {
    return untold;
  }
}
