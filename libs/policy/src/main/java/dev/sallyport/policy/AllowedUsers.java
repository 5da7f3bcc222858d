package dev.sallyport.policy;

import java.util.List;

/// The database users that somebody may choose from.
///
/// @param allowed the names that roles write, sorted; without `*`
/// @param denied the names that are excepted from a wildcard; empty without one
/// @param wildcard whether any other name is allowed too
public record AllowedUsers(List<String> allowed, List<String> denied, boolean wildcard) {
  public static final AllowedUsers NONE = new AllowedUsers(List.of(), List.of(), false);

  public AllowedUsers {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
  }
}
