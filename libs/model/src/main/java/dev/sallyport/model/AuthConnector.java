package dev.sallyport.model;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// How users of another sign-in service could sign in here: `github`, `saml` or `oidc`.
///
/// @param kind which of the three
/// @param display what the button says; empty means the name
/// @param mappings who gets which roles
/// @param settings the other fields, as documents spell them, without any secret
/// @param secrets by the path of their field, such as `client_secret`; those that are absent were
///   left out for the reader
public record AuthConnector(
    Kind kind,
    Metadata metadata,
    String display,
    List<RoleMapping> mappings,
    Map<String, Object> settings,
    Map<String, Secret> secrets)
    implements Resource {
  /// The kinds of connectors.
  public static final List<Kind> KINDS = List.of(Kind.GITHUB, Kind.OIDC, Kind.SAML);

  public AuthConnector {
    Objects.requireNonNull(metadata, "metadata");
    Objects.requireNonNull(display, "display");
    mappings = List.copyOf(mappings);
    settings = Frozen.tree(settings);
    secrets = Map.copyOf(new TreeMap<>(secrets));
    if (!KINDS.contains(kind)) {
      throw new IllegalArgumentException("not a kind of connectors: " + kind.wireName());
    }
  }

  /// The same without any secret.
  public AuthConnector withoutSecrets() {
    return withSecrets(Map.of());
  }

  public AuthConnector withSecrets(Map<String, Secret> newSecrets) {
    return new AuthConnector(kind, metadata, display, mappings, settings, newSecrets);
  }

  public AuthConnector withSettings(Map<String, Object> newSettings) {
    return new AuthConnector(kind, metadata, display, mappings, newSettings, secrets);
  }

  /// A setting by its path: `signing_key_pair.cert`.
  public Optional<Object> setting(String path) {
    Object found = settings;
    for (var step : path.split("\\.")) {
      if (!(found instanceof Map<?, ?> map) || map.get(step) == null) {
        return Optional.empty();
      }
      found = map.get(step);
    }
    return Optional.of(found);
  }

  @Override
  public AuthConnector withMetadata(Metadata newMetadata) {
    return new AuthConnector(kind, newMetadata, display, mappings, settings, secrets);
  }
}
