package dev.sallyport.tsh.localproxy;

/// How many bytes of bodies one local proxy holds until their signatures are verified. Lives on its
/// loop.
final class HeldBodies {
  private final long max;
  private long held;

  HeldBodies(long max) {
    this.max = max;
  }

  boolean reserve(long bytes) {
    if (bytes > max - held) {
      return false;
    }
    held += bytes;
    return true;
  }

  void release(long bytes) {
    held -= bytes;
  }
}
