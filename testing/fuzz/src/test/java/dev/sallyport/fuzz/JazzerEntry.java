package dev.sallyport.fuzz;

import org.jspecify.annotations.Nullable;

/** Where Jazzer enters: it calls these two by their names. */
public final class JazzerEntry {
  private static @Nullable FuzzTarget target;

  private JazzerEntry() {}

  /**
   * @param arguments the target's label
   */
  public static void fuzzerInitialize(String[] arguments) {
    target = FuzzTargets.of(arguments[0]);
  }

  /** One input. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (target == null) {
      throw new IllegalStateException("not initialized");
    }
    target.takes(input);
  }
}
