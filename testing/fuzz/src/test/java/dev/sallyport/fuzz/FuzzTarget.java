package dev.sallyport.fuzz;

/** A parser of outside input, with what must hold for whatever bytes it gets. */
@FunctionalInterface
public interface FuzzTarget {
  /**
   * Parses the input.
   *
   * @return whether it was taken, so that a run can tell how much of it got past the first check
   * @throws AssertionError when what must hold does not
   */
  boolean takes(byte[] input);
}
