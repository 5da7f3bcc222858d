package dev.sallyport.rules;

/// One Java file: its path from the root of the repository, with slashes, and its text.
record SourceFile(String path, String text) {
  boolean inMain() {
    return path.contains("/src/main/");
  }

  boolean shipped() {
    return inMain() && !path.startsWith("testing/");
  }

  /// Wiring is where the outside world comes in: real clock, real streams, real environment.
  boolean wiring() {
    var name = fileName();
    return name.endsWith("Main.java") || name.contains("Wiring");
  }

  boolean speaksToTerminal() {
    return path.startsWith("cli/") || path.startsWith("testing/");
  }

  String folder() {
    return path.substring(0, path.lastIndexOf('/'));
  }

  String fileName() {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
