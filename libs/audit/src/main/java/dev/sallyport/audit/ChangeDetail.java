package dev.sallyport.audit;

import java.util.Map;
import java.util.Optional;

/// From where a change was made, and what it changed. Only what differs is told; secrets never are.
///
/// @param remoteAddress of the connection over which it was asked for
/// @param before path of each changed part of the resource, and what it was; empty when it was made
/// @param after the same as it is now; empty when it was deleted
public record ChangeDetail(
    Optional<String> remoteAddress, Map<String, String> before, Map<String, String> after) {
  /// Nothing is known but the address.
  public static ChangeDetail from(Optional<String> remoteAddress) {
    return new ChangeDetail(remoteAddress, Map.of(), Map.of());
  }
}
