package dev.sallyport.diagnostics;

/// A service of the process, as its diagnostics see it. Called on threads that may wait, never on
/// event loops, and never by two at once.
public interface Component {
  /// Whether it can do its work now. Asked about once a second.
  boolean healthy();

  /// Writes what it measures.
  void measure(MetricText out);
}
