package dev.sallyport.model;

/// A database is described so that it can't be served. The message says what to change.
public final class InvalidDatabase extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String field;

  InvalidDatabase(String field, String message) {
    super(message);
    this.field = field;
  }

  /// The field that is to be changed, as documents spell it: `aws.region`.
  public String field() {
    return field;
  }
}
