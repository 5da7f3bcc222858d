package dev.sallyport.policy;

import java.util.List;
import java.util.Map;

/// What a user has in the cluster now, whatever their certificate says.
public record UserRights(List<String> roles, Map<String, List<String>> traits) {
  /// Copies the collections.
  public UserRights {
    roles = List.copyOf(roles);
    traits = Map.copyOf(traits);
  }
}
