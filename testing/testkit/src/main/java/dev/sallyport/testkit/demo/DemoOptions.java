package dev.sallyport.testkit.demo;

/** What {@code ./dev demo} was asked. */
record DemoOptions(int port, boolean check) {
  static final String USAGE = "usage: ./dev demo [--port N] [--check]";
  private static final int USUAL_PORT = 8000;

  /** Reads the arguments; anything unknown is an error that shows the usage. */
  static DemoOptions parse(String[] arguments) {
    int port = USUAL_PORT;
    boolean check = false;
    for (int i = 0; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals("--check")) {
        check = true;
      } else if (argument.equals("--port") && i + 1 < arguments.length) {
        port = port(arguments[++i]);
      } else if (argument.startsWith("--port=")) {
        port = port(argument.substring("--port=".length()));
      } else {
        throw new IllegalArgumentException("unknown argument: " + argument + "\n" + USAGE);
      }
    }
    return new DemoOptions(port, check);
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
      throw new IllegalArgumentException("--port: " + text + " (expected: 0 to 65535)\n" + USAGE);
    }
    return Integer.parseInt(text);
  }
}
