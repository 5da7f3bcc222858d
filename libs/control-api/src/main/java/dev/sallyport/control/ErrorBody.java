package dev.sallyport.control;

/// The body of every refusal: `{"error": {"kind": …, "message": …}}`.
public record ErrorBody(Detail error) {
  /// What it says.
  ///
  /// @param kind wire name of an [ErrorKind]
  public record Detail(String kind, String message) {}

  /// The body for an exception.
  public static ErrorBody of(ControlException e) {
    return new ErrorBody(new Detail(e.kind().wireName(), e.reason()));
  }
}
