package dev.sallyport.testkit.aws;

import java.time.Duration;
import java.util.List;

/// What a server of the stand-in does with a request.
public sealed interface WireResponse {

  /// How the end of a body is told.
  enum Framing {
    /// `Content-Length`.
    LENGTH,
    /// `Transfer-Encoding: chunked`.
    CHUNKED,
    /// The end of the connection.
    UNTIL_CLOSE
  }

  /// An answer.
  ///
  /// @param status the HTTP status
  /// @param headers sent as they are; those of the framing are added
  /// @param body sent as it is
  /// @param framing how its end is told
  /// @param delay how long to wait before it
  // Tests say the bytes that shall go out, and nobody changes them.
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(int status, List<WireHeader> headers, byte[] body, Framing framing, Duration delay)
      implements WireResponse {

    /// Copies the headers.
    public Answer {
      headers = List.copyOf(headers);
    }

    /// An answer at once, with its length told.
    public static Answer of(int status, List<WireHeader> headers, byte[] body) {
      return new Answer(status, headers, body, Framing.LENGTH, Duration.ZERO);
    }

    /// The same later.
    public Answer after(Duration wait) {
      return new Answer(status, headers, body, framing, wait);
    }

    /// The same with another framing.
    public Answer framed(Framing other) {
      return new Answer(status, headers, body, other, delay);
    }
  }

  /// The connection is reset.
  ///
  /// @param answer of which some is sent first
  /// @param bytes how much of it, counted from the status line; 0 for nothing at all
  record Cut(Answer answer, int bytes) implements WireResponse {

    /// Nothing is answered.
    public static Cut atOnce() {
      return new Cut(Answer.of(200, List.of(), new byte[0]), 0);
    }
  }
}
