package dev.sallyport.tsh.running;

import java.util.Locale;
import java.util.Optional;

/// The shells whose variables can be set by what tsh prints. Values are quoted so that nothing in
/// them is read as a command: they may come from the cluster.
public enum Shell {
  /// Also sh, zsh and whatever else reads POSIX.
  BASH {
    @Override
    String set(String name, String value) {
      return "export " + name + "='" + value.replace("'", "'\\''") + "'";
    }

    @Override
    String unset(String name) {
      return "unset " + name;
    }
  },
  FISH {
    @Override
    String set(String name, String value) {
      return "set -gx " + name + " '" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    @Override
    String unset(String name) {
      return "set -e " + name;
    }
  },
  POWERSHELL {
    // PowerShell takes typographic quotes for quotes.
    @Override
    String set(String name, String value) {
      return "$env:"
          + name
          + " = '"
          + value.replaceAll("(['\u2018\u2019\u201a\u201b])", "$1$1")
          + "'";
    }

    @Override
    String unset(String name) {
      return "Remove-Item Env:" + name + " -ErrorAction SilentlyContinue";
    }
  };

  /// By the name that people have for it.
  public static Optional<Shell> named(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "bash", "sh", "zsh" -> Optional.of(BASH);
      case "fish" -> Optional.of(FISH);
      case "powershell", "pwsh" -> Optional.of(POWERSHELL);
      default -> Optional.empty();
    };
  }

  abstract String set(String name, String value);

  abstract String unset(String name);

  /// Lines for the shell to read.
  public String text(ClientEnvironment environment) {
    var text = new StringBuilder();
    environment.unset().forEach(name -> text.append(unset(name)).append('\n'));
    environment
        .set()
        .forEach((name, value) -> {
          if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new IllegalArgumentException(name + " has a control character in its value");
          }
          text.append(set(name, value)).append('\n');
        });
    return text.toString();
  }
}
