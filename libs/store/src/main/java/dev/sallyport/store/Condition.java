package dev.sallyport.store;

/// What must hold of a key for a commit to happen. An item past its expiry counts as absent.
public sealed interface Condition {
  /// Holds whatever is there.
  record Always() implements Condition {}

  /// Holds if nothing is there.
  record Absent() implements Condition {}

  /// Holds if something is there.
  record Present() implements Condition {}

  /// Holds if what is there was written by this very revision (compare and swap).
  record AtRevision(long revision) implements Condition {}

  /// @return the condition that always holds
  static Condition always() {
    return new Always();
  }

  /// @return the condition that the key is free
  static Condition absent() {
    return new Absent();
  }

  /// @return the condition that the key is taken
  static Condition present() {
    return new Present();
  }

  /// @return the condition that nobody wrote the key after `revision`
  static Condition atRevision(long revision) {
    return new AtRevision(revision);
  }
}
