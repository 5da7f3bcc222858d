package dev.sallyport.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What lets a process join the cluster. With join method `token` its name is the secret, so the
/// record does not print it.
///
/// @param terms what the joiner has to show
/// @param databases the names that the joiner may announce; `*` alone means any
/// @param other fields that change nothing here, kept as they came
public record ProvisionToken(
    Metadata metadata,
    List<SystemRole> roles,
    JoinTerms terms,
    List<String> databases,
    Map<String, Object> other)
    implements Resource {
  /// In {@link #databases()}: any name.
  public static final String ANY_DATABASE = "*";

  public ProvisionToken {
    Objects.requireNonNull(metadata, "metadata");
    roles = List.copyOf(roles);
    Objects.requireNonNull(terms, "terms");
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
      Metadata metadata, List<SystemRole> roles, JoinTerms terms, List<String> databases) {
    this(metadata, roles, terms, databases, Map.of());
  }

  /// How a joiner shows that it may.
  public JoinMethod joinMethod() {
    return terms.method();
  }

  @Override
  public Kind kind() {
    return Kind.TOKEN;
  }

  @Override
  public ProvisionToken withMetadata(Metadata newMetadata) {
    return new ProvisionToken(newMetadata, roles, terms, databases, other);
  }

  @Override
  public String toString() {
    return "ProvisionToken[name=[redacted], roles=%s, joinMethod=%s, expires=%s]"
        .formatted(roles, joinMethod().wireName(), metadata.expires());
  }
}
