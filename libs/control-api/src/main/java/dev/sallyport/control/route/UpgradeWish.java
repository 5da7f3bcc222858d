package dev.sallyport.control.route;

import java.util.Locale;
import java.util.Map;

/// Whether connections to a Proxy go through its `/webapi/connectionupgrade`.
public enum UpgradeWish {
  /// Where it turns out that a load balancer ends TLS on the way.
  WHERE_NEEDED,
  /// In any case.
  ALWAYS,
  /// In no case.
  NEVER;

  /// By which people decide it.
  public static final String VARIABLE = "TELEPORT_TLS_ROUTING_CONN_UPGRADE";

  /// What an environment says.
  ///
  /// @throws IllegalArgumentException if the variable is neither yes nor no
  public static UpgradeWish of(Map<String, String> env) {
    var text = env.getOrDefault(VARIABLE, "").strip();
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "" -> WHERE_NEEDED;
      case "yes", "y", "true", "t", "on", "1" -> ALWAYS;
      case "no", "n", "false", "f", "off", "0" -> NEVER;
      default ->
          throw new IllegalArgumentException(
              VARIABLE + ": \"" + text + "\" (expected: yes or no; without it, this is found out)");
    };
  }
}
