package dev.sallyport.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What lets a process join the cluster. With join method `token` its name is the secret, so the
/// record does not print it.
///
/// @param databases the names that the joiner may announce; `*` alone means any
/// @param other fields that change nothing here, kept as they came
public record ProvisionToken(
    Metadata metadata,
    List<SystemRole> roles,
    String joinMethod,
    List<String> databases,
    Map<String, Object> other)
    implements Resource {
  /// The join method of a shared secret.
  public static final String METHOD_TOKEN = "token";

  /// In {@link #databases()}: any name.
  public static final String ANY_DATABASE = "*";

  public ProvisionToken {
    Objects.requireNonNull(metadata, "metadata");
    roles = List.copyOf(roles);
    Objects.requireNonNull(joinMethod, "joinMethod");
    databases = List.copyOf(databases);
    other = Frozen.tree(other);
    if (roles.isEmpty()) {
      throw new IllegalArgumentException("provisioning token is missing roles");
    }
    if (roles.contains(SystemRole.ADMIN)) {
      throw new IllegalArgumentException(
          "unknown role: \"Admin\" (a token can give Auth, Proxy or Db)");
    }
  }

  public ProvisionToken(
      Metadata metadata, List<SystemRole> roles, String joinMethod, List<String> databases) {
    this(metadata, roles, joinMethod, databases, Map.of());
  }

  @Override
  public Kind kind() {
    return Kind.TOKEN;
  }

  @Override
  public ProvisionToken withMetadata(Metadata newMetadata) {
    return new ProvisionToken(newMetadata, roles, joinMethod, databases, other);
  }

  @Override
  public String toString() {
    return "ProvisionToken[name=[redacted], roles=%s, joinMethod=%s, expires=%s]"
        .formatted(roles, joinMethod, metadata.expires());
  }
}
