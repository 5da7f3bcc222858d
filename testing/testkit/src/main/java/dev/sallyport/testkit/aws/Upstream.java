package dev.sallyport.testkit.aws;

/// What stands behind the gate. Called by many threads at once.
@FunctionalInterface
public interface Upstream {

  /// Answers a request whose signature was right.
  ///
  /// @param caller who signed it
  WireResponse answer(WireRequest request, AccessKey caller);
}
