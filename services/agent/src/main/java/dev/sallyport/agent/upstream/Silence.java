package dev.sallyport.agent.upstream;

/// How long nothing was heard, counted in looks at equal distances, so that hearing something costs
/// no look at a clock. Four looks without a word are the time that silence may last: it is never
/// found too long before that time, and at most a quarter of it later.
///
/// Not thread-safe: it lives on one event loop.
final class Silence {
  /// How many looks fall into the time that silence may last.
  static final int LOOKS = 4;

  private boolean heard;
  private int silentLooks;

  /// Silence begins now, and the first look is one distance away.
  void begin() {
    heard = false;
    silentLooks = 0;
  }

  /// Something was heard, or there was a reason for none.
  void broken() {
    heard = true;
  }

  /// To be called at each look.
  ///
  /// @return whether it has been silent for too long
  boolean look() {
    silentLooks = heard ? 0 : silentLooks + 1;
    heard = false;
    return silentLooks >= LOOKS;
  }
}
