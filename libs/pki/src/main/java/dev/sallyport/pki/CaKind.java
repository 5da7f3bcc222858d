package dev.sallyport.pki;

import java.util.Optional;

/// Which certificates an authority may sign. A certificate of one kind is worth nothing where the
/// other kind is asked for.
public enum CaKind {
  /// Signs people and programs.
  USER("user"),
  /// Signs the cluster's own parts: Auth, Proxy, agents, the admin of an Auth host.
  HOST("host");

  private final String wireName;

  CaKind(String wireName) {
    this.wireName = wireName;
  }

  /// The name in certificates, files and messages.
  public String wireName() {
    return wireName;
  }

  /// The kind of that exact wire name.
  public static Optional<CaKind> parse(String name) {
    for (var kind : values()) {
      if (kind.wireName.equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
