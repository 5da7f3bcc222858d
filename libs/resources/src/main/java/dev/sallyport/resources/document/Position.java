package dev.sallyport.resources.document;

/// A place in a text; lines and columns begin at 1.
public record Position(int line, int column) {
  /// No place: what was not read from a text.
  public static final Position NONE = new Position(0, 0);

  public boolean isKnown() {
    return line > 0;
  }
}
