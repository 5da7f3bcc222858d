package dev.sallyport.sigv4;

import java.util.List;

/// What signing adds to a request. Send these, the headers that were signed, and the same `Host`.
///
/// @param toAdd `X-Amz-Date`, `X-Amz-Security-Token` for temporary credentials, and
///   `Authorization`, in this order
public record SignedHeaders(List<Header> toAdd) {

  /// Copies the list.
  public SignedHeaders {
    toAdd = List.copyOf(toAdd);
  }

  /// The value of the `Authorization` header.
  public String authorization() {
    return toAdd.getLast().value();
  }

  /// Names only: a session token is a secret.
  @Override
  public String toString() {
    return "SignedHeaders" + toAdd.stream().map(Header::name).toList();
  }
}
