package dev.sallyport.sigv4;

import java.util.List;
import java.util.Objects;

/// What a signature covers. Path and query are given exactly as they go on the wire.
///
/// @param method upper case, such as `POST`
/// @param path absolute, percent-encoded as sent; `/` for DynamoDB
/// @param query what stands after `?`, as sent; empty when there is none
/// @param host the value of the `Host` header as sent, without a default port
/// @param headers all headers that shall be signed besides `Host`; the hop's own ones (see
///   [SigV4Signer]) may be among them and stay unsigned
/// @param bodySha256 the SHA-256 of the body as sent, 32 bytes; copied neither in nor out
// A digest of each request on the data path: copying it would guard against nobody.
@SuppressWarnings("ArrayRecordComponent")
public record RequestToSign(
    String method,
    String path,
    String query,
    String host,
    List<Header> headers,
    byte[] bodySha256) {

  private static final int SHA256_BYTES = 32;

  /// Refuses what could not be a request line or digest.
  public RequestToSign {
    Objects.requireNonNull(bodySha256, "bodySha256");
    headers = List.copyOf(headers);
    if (method.isEmpty() || !method.chars().allMatch(c -> c >= 'A' && c <= 'Z')) {
      throw new IllegalArgumentException("method: must be upper-case letters");
    }
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path: must begin with '/'");
    }
    requirePrintable("path", path);
    requirePrintable("query", query);
    requirePrintable("host", host);
    if (host.isEmpty()) {
      throw new IllegalArgumentException("host: empty");
    }
    if (bodySha256.length != SHA256_BYTES) {
      throw new IllegalArgumentException(
          "bodySha256: " + bodySha256.length + " bytes (expected: " + SHA256_BYTES + ")");
    }
  }

  private static void requirePrintable(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == 0x7f) {
        throw new IllegalArgumentException(what + ": control character at " + i);
      }
    }
  }

  /// Names what is signed, without header values.
  @Override
  public String toString() {
    return "RequestToSign[" + method + " " + path + " at " + host + "]";
  }
}
