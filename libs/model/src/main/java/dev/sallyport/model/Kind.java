package dev.sallyport.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The kinds of resources.
public enum Kind {
  ROLE("role", "roles"),
  USER("user", "users"),
  TOKEN("token", "tokens", "provision_token"),
  DB("db", "dbs", "database", "databases"),
  DB_SERVER("db_server", "db_servers"),
  CERT_AUTHORITY("cert_authority", "cert_authorities", "ca", "cas"),
  CLUSTER_AUTH_PREFERENCE("cluster_auth_preference", "cluster_auth_preferences", "cap"),
  GITHUB("github", "github_connector", "github_connectors"),
  OIDC("oidc", "oidc_connector", "oidc_connectors"),
  SAML("saml", "saml_connector", "saml_connectors"),
  LOCK("lock", "locks");

  private final String wireName;
  private final String aliases;

  Kind(String wireName, String... aliases) {
    this.wireName = wireName;
    this.aliases = String.join(" ", aliases);
  }

  /// The spelling in documents, rules and routes.
  public String wireName() {
    return wireName;
  }

  /// Other spellings that commands take.
  public List<String> aliases() {
    return List.of(aliases.split(" "));
  }

  /// Reads a wire name or an alias, in any case.
  public static Optional<Kind> parse(String text) {
    var name = text.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(kind -> kind.wireName.equals(name) || kind.aliases().contains(name))
        .findFirst();
  }
}
