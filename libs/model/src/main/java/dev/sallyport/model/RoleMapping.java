package dev.sallyport.model;

import java.util.List;
import java.util.Objects;

/// One line of a connector that turns what a sign-in service says of a user into roles.
///
/// @param name the attribute, the claim, or the organization
/// @param value what it must be, or the team in the organization: literal, a glob, or `^regex$`
/// @param roles names; may use the groups of the value: `$1`
public record RoleMapping(String name, String value, List<String> roles) {
  public RoleMapping {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(value, "value");
    roles = List.copyOf(roles);
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("roles: is missing");
    }
  }
}
