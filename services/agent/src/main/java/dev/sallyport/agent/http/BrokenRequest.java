package dev.sallyport.agent.http;

/// Thrown inside this package by its parsers; what leaves it is the [RequestFault].
final class BrokenRequest extends Exception {
  private static final long serialVersionUID = 1L;

  private final RequestFault.Kind kind;
  private final String detail;

  BrokenRequest(RequestFault.Kind kind, String detail) {
    super(detail, null, false, false);
    this.kind = kind;
    this.detail = detail;
  }

  RequestFault fault() {
    return new RequestFault(kind, detail);
  }
}
