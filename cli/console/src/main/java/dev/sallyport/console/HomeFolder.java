package dev.sallyport.console;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/// The home folder of whoever runs a command.
public final class HomeFolder {
  private HomeFolder() {}

  /// What `HOME` says, as the shell that expands `~` and the AWS tools read it (POSIX, Base
  /// Definitions 8.3); the account's own folder where it is not set or no absolute path.
  ///
  /// @param environment of the process
  /// @param account the folder that the operating system's account data name
  public static Path of(Map<String, String> environment, Path account) {
    try {
      var home = Path.of(environment.getOrDefault("HOME", ""));
      return home.isAbsolute() ? home : account;
    } catch (InvalidPathException e) {
      return account;
    }
  }
}
