package dev.sallyport.tsh.command;

import dev.sallyport.control.Ping;
import dev.sallyport.model.ProductVersion;
import dev.sallyport.tsh.Tsh;
import java.util.Optional;
import java.util.OptionalInt;

/// Whether this version and the cluster's speak with each other: the cluster speaks with clients of
/// its own major version and of the one before. What does not fit is told loudly and tried all the
/// same.
final class VersionCheck {
  private VersionCheck() {}

  static void warn(Tsh tsh, Ping ping) {
    if (!tsh.skipsVersionCheck()) {
      warning(ProductVersion.NUMBER, ping.minClientVersion(), ping.serverVersion())
          .ifPresent(text -> tsh.console().err().print(text));
    }
  }

  /// @param own version of this client
  /// @param oldest that the cluster speaks with
  /// @param server version of the cluster
  static Optional<String> warning(String own, String oldest, String server) {
    var mine = major(own);
    var min = major(oldest);
    var most = major(server);
    if (mine.isEmpty() || min.isEmpty() || most.isEmpty()) {
      return Optional.empty();
    }
    if (mine.getAsInt() < min.getAsInt()) {
      return Optional.of(text("Minimum", min.getAsInt() + ".0.0", own, "newer"));
    }
    return mine.getAsInt() > most.getAsInt()
        ? Optional.of(text("Maximum", most.getAsInt() + ".x.x", own, "older"))
        : Optional.empty();
  }

  private static String text(String bound, String version, String own, String wanted) {
    return """
    WARNING
    Detected potentially incompatible client version.
    %s client version supported by the server is %s but you are using %s.
    Please use a client that is %s, or expect errors.
    Future versions may refuse to go on; use the --skip-version-check flag to silence this.

    """
        .formatted(bound, version, own, wanted);
  }

  private static OptionalInt major(String version) {
    var dot = version.indexOf('.');
    var text = dot < 0 ? version : version.substring(0, dot);
    return text.matches("[0-9]{1,6}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
