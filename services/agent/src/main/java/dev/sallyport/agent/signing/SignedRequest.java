package dev.sallyport.agent.signing;

import dev.sallyport.agent.http.HeldRequest;
import dev.sallyport.sigv4.Header;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// A request that may be sent to AWS. Only [PermittedSigner] makes one. Always `POST /`, the only
/// request that DynamoDB's protocol has.
public final class SignedRequest {
  /// The request line, the host and the length.
  private static final int FIRST_LINES = 256;

  /// Between a name and its value, and behind.
  private static final int SEPARATORS = 4;

  private final Destination destination;
  private final HeldRequest held;
  private final List<Header> headers;
  private final Instant signedAt;

  SignedRequest(Destination destination, HeldRequest held, List<Header> headers, Instant signedAt) {
    this.destination = destination;
    this.held = held;
    this.headers = List.copyOf(headers);
    this.signedAt = signedAt;
  }

  /// Where it goes.
  public Destination destination() {
    return destination;
  }

  /// The time that the signature says.
  Instant signedAt() {
    return signedAt;
  }

  /// Request line, headers and empty line, as they go on the wire.
  public ByteBuf encodedHead(ByteBufAllocator allocator) {
    int size = FIRST_LINES;
    for (var header : headers) {
      size += header.name().length() + header.value().length() + SEPARATORS;
    }
    var text = new StringBuilder(size).append("POST / HTTP/1.1\r\n");
    append(text, "Host", destination.endpoint().hostHeader());
    for (var header : headers) {
      append(text, header.name(), header.value());
    }
    append(text, "Content-Length", Integer.toString(held.body().length));
    // Netty would look at each character of a builder.
    var bytes = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    return allocator.buffer(bytes.length).writeBytes(bytes);
  }

  /// The body's bytes, as they were judged.
  public ByteBuf body() {
    return held.bodyBuffer();
  }

  private static void append(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
}
