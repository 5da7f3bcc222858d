package dev.sallyport.sigv4;

import java.util.List;

/// The head of a request as it was received, whose signature is to be verified.
///
/// @param method as sent
/// @param path as sent
/// @param query what stands after `?`, as sent; empty when there is none
/// @param headers every header as sent, `Host` among them
public record SignedHead(String method, String path, String query, List<Header> headers) {

  /// Copies the headers.
  public SignedHead {
    headers = List.copyOf(headers);
  }

  /// Names what is signed, without header values.
  @Override
  public String toString() {
    return "SignedHead[" + method + " " + path + "]";
  }
}
