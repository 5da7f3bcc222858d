package dev.sallyport.testkit.aws;

import java.time.Instant;
import java.util.Optional;

/// Credentials that the stand-in knows.
///
/// @param id the access key id
/// @param secret the secret access key; of the stand-in only, so it is no secret
/// @param token the session token that belongs to it, for temporary ones
/// @param expires when it ends, for temporary ones
/// @param principal who signs with it: the ARN of a user or of an assumed role's session
/// @param role the ARN of the role, for an assumed one
public record AccessKey(
    String id,
    String secret,
    Optional<String> token,
    Optional<Instant> expires,
    String principal,
    Optional<String> role) {

  /// A user with long-lived keys.
  public static AccessKey ofUser(String id, String secret, String userArn) {
    return new AccessKey(id, secret, Optional.empty(), Optional.empty(), userArn, Optional.empty());
  }

  /// The role session's name; empty for a user.
  public Optional<String> sessionName() {
    return role.map(arn -> principal.substring(principal.lastIndexOf('/') + 1));
  }

  /// The account of the principal.
  public String accountId() {
    return principal.split(":")[4];
  }
}
