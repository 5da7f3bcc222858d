package dev.sallyport.tctl;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;

/// How messages call a resource. Of a token only as much is told as cannot be used.
final class Described {
  private static final int SHOWN_FROM_LENGTH = 16;

  private Described() {}

  static String of(Resource resource) {
    return of(resource.kind(), resource.resourceName());
  }

  static String of(Kind kind, String name) {
    return switch (kind) {
      // There is one; its name says nothing more.
      case CLUSTER_AUTH_PREFERENCE -> "cluster auth preference";
      case TOKEN -> "provision_token \"" + masked(name) + "\"";
      case DB -> "database \"" + name + "\"";
      case CERT_AUTHORITY -> "certificate authority \"" + name + "\"";
      case GITHUB, OIDC, SAML -> "authentication connector \"" + name + "\"";
      case ROLE, USER, DB_SERVER, LOCK -> kind.wireName() + " \"" + name + "\"";
    };
  }

  private static String masked(String name) {
    var hidden = name.length() < SHOWN_FROM_LENGTH ? name.length() : name.length() * 3 / 4;
    return "*".repeat(hidden) + name.substring(hidden);
  }
}
