package dev.sallyport.model;

import java.util.Optional;

/// What part of the cluster a host certificate speaks for. One process holds one certificate for
/// each part that it runs.
public enum SystemRole {
  /// The Auth Service.
  AUTH("Auth"),
  /// The Proxy Service.
  PROXY("Proxy"),
  /// The Database Service, also called agent.
  DB("Db"),
  /// The administrator of an Auth host, who may do everything.
  ADMIN("Admin");

  private final String wireName;

  SystemRole(String wireName) {
    this.wireName = wireName;
  }

  /// The name in certificates, resources and messages.
  public String wireName() {
    return wireName;
  }

  /// The role of that name, in upper or lower case.
  public static Optional<SystemRole> parse(String name) {
    for (var role : values()) {
      if (role.wireName.equalsIgnoreCase(name)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }
}
