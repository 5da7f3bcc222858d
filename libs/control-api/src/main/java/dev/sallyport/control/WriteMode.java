package dev.sallyport.control;

import java.util.ArrayList;

/// How a resource is to be written or deleted.
///
/// @param force also over one that is there, whatever its revision
/// @param confirm also what the caller may not have meant: over what the config file says, or so
///   that nobody is left who could undo it
/// @param dryRun judge and check everything, but change nothing
public record WriteMode(boolean force, boolean confirm, boolean dryRun) {
  /// Nothing of all that.
  public static final WriteMode PLAIN = new WriteMode(false, false, false);

  /// With `force` alone.
  public static final WriteMode FORCE = new WriteMode(true, false, false);

  /// The query of a request; with its question mark, or empty.
  String query() {
    var flags = new ArrayList<String>();
    if (force) {
      flags.add("force=true");
    }
    if (confirm) {
      flags.add("confirm=true");
    }
    if (dryRun) {
      flags.add("dry_run=true");
    }
    return flags.isEmpty() ? "" : "?" + String.join("&", flags);
  }
}
