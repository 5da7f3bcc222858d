package dev.sallyport.rules;

/// A rule broken at a place, with the reason of the rule and the way out.
record Breach(String where, long line, String what) {
  @Override
  public String toString() {
    return where + ":" + line + ": " + what;
  }
}
