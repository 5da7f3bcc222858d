package dev.sallyport.tctl;

import dev.sallyport.model.Kind;
import dev.sallyport.model.Resource;

/// How messages call a resource.
final class Described {
  private Described() {}

  static String of(Resource resource) {
    return of(resource.kind(), resource.resourceName());
  }

  static String of(Kind kind, String name) {
    return noun(kind) + " \"" + name + "\"";
  }

  private static String noun(Kind kind) {
    return switch (kind) {
      case TOKEN -> "provision_token";
      case DB -> "database";
      case CERT_AUTHORITY -> "certificate authority";
      case ROLE, USER, DB_SERVER, LOCK -> kind.wireName();
    };
  }
}
