package dev.sallyport.audit;

import java.nio.charset.StandardCharsets;

/// A JSON value that is kept as it is: the body of a request. Whoever makes one has made sure that
/// the text is one JSON value, no deeper than [#DEPTH_MAX]; its size is checked here.
public final class RawJson {

  /// Most bytes in UTF-8.
  public static final int BYTES_MAX = 64 * 1024;

  /// Deepest nesting.
  public static final int DEPTH_MAX = 64;

  private final String text;

  /// Keeps the text.
  ///
  /// @throws IllegalArgumentException if it is too long
  public RawJson(String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      throw new IllegalArgumentException(
          "JSON is too long (expected: at most " + BYTES_MAX + " bytes)");
    }
    this.text = text;
  }

  /// The text.
  public String text() {
    return text;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RawJson json && text.equals(json.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
