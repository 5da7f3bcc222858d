package dev.sallyport.agent.session;

/// What of a request's body is put on record.
///
/// @param body how much of it
/// @param bodyBytes most bytes of a body that is recorded whole
/// @param plainKeys whether values of keys are recorded as they are
public record Recording(Body body, int bodyBytes, boolean plainKeys) {
  /// What is recorded where nothing else is said: no item data, no values of keys.
  public static final Recording DEFAULT = new Recording(Body.KEYS, 16 << 10, false);

  /// How much of a body.
  public enum Body {
    /// Its tables, and nothing else.
    OFF,
    /// What it is about: names of keys, kinds of conditions, counts.
    KEYS,
    /// All of it, up to a bound.
    FULL
  }
}
