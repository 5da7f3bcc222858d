package dev.sallyport.control;

import java.util.List;

/// All that a watcher learns of a user.
public record UserRoles(String name, List<String> roles) {
  /// Copies the lists.
  public UserRoles {
    roles = List.copyOf(roles);
  }
}
