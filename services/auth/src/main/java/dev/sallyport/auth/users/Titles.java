package dev.sallyport.auth.users;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Kind;
import dev.sallyport.model.ProvisionToken;
import dev.sallyport.model.Resource;

/// How messages call resources, without the secret that a token's name is.
final class Titles {
  private Titles() {}

  static String of(Resource resource) {
    return resource instanceof ProvisionToken token
        ? "token \"%s\"".formatted(TokenMask.mask(token.metadata().name()))
        : "%s \"%s\"".formatted(resource.kind().wireName(), resource.resourceName());
  }

  static ControlException unsupported(String what, Kind kind) {
    return new ControlException(
        ErrorKind.BAD_PARAMETER,
        "%s resources of type \"%s\" is not supported".formatted(what, kind.wireName()));
  }

  static ControlException notFound(Kind kind, String name) {
    var message =
        switch (kind) {
          case ROLE -> "role %s is not found".formatted(name);
          case USER -> "user \"%s\" not found".formatted(name);
          case TOKEN -> "token \"%s\" is not found".formatted(TokenMask.mask(name));
          case DB, DB_SERVER, CERT_AUTHORITY, CLUSTER_AUTH_PREFERENCE, GITHUB, OIDC, SAML, LOCK ->
              "%s \"%s\" is not found".formatted(kind.wireName(), name);
        };
    return new ControlException(ErrorKind.NOT_FOUND, message);
  }
}
