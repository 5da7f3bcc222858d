package dev.sallyport.dynamodb;

/// How far the list of a request's tables can be relied on. Order matters: later is worse.
public enum TableKnowledge {
  /// These tables and no others.
  COMPLETE,
  /// Read from the text of PartiQL or from a stream position, which AWS may read otherwise.
  BEST_EFFORT,
  /// There may be others: a name was malformed, or a text was not understood.
  UNKNOWN,
  /// Two parsers may read the body in two ways: a field stands twice, or is ours but for upper and
  /// lower case. What a rule says of such a body must be no.
  AMBIGUOUS;

  /// The worse of the two.
  TableKnowledge and(TableKnowledge other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
