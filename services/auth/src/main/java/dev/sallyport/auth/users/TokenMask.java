package dev.sallyport.auth.users;

import dev.sallyport.model.JoinMethod;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.ProvisionToken;

/// How secret token names are shown where they must not be: the last quarter only, and nothing of
/// short ones.
public final class TokenMask {
  private static final int SHOWN_FROM_LENGTH = 16;

  private TokenMask() {}

  /// The masked name.
  public static String mask(String name) {
    var hidden = name.length() < SHOWN_FROM_LENGTH ? name.length() : name.length() * 3 / 4;
    return "*".repeat(hidden) + name.substring(hidden);
  }

  /// The token under its masked name, if its name is a secret.
  public static ProvisionToken mask(ProvisionToken token) {
    if (token.joinMethod() != JoinMethod.TOKEN) {
      return token;
    }
    var known = token.metadata();
    return token.withMetadata(
        new Metadata(
            mask(known.name()),
            known.description(),
            known.labels(),
            known.expires(),
            known.revision()));
  }
}
