package dev.sallyport.tsh.localproxy;

/// One header of a request as the client wrote it: a token, and text without control characters.
record HeaderLine(String name, String value) {
  boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }
}
