package dev.sallyport.model;

/// The rule for names of resources, users and hosts.
public final class Names {
  public static final int MAX_LENGTH = 255;

  private Names() {}

  /// Gives the name back when it can be one; names stand in paths, certificates and log lines, so
  /// it may hold no slash, no blank at its ends and nothing that does not print.
  ///
  /// @param what what the name is for, as a message would call it
  public static String check(String name, String what) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException(what + " is empty");
    }
    if (name.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "%s is %d characters long, at most %d are allowed"
              .formatted(what, name.length(), MAX_LENGTH));
    }
    if (name.equals(".") || name.equals("..") || !name.codePoints().allMatch(Names::allowed)) {
      throw new IllegalArgumentException(
          "%s %s may not hold slashes or control characters, nor be a dot or two"
              .formatted(what, Quoted.of(name)));
    }
    if (!name.strip().equals(name)) {
      throw new IllegalArgumentException(
          "%s %s may not begin or end with a blank".formatted(what, Quoted.of(name)));
    }
    return name;
  }

  private static boolean allowed(int c) {
    return c != '/'
        && switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR ->
              false;
          default -> true;
        };
  }
}
