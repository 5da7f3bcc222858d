package dev.sallyport.auth.state;

import java.time.Instant;

/// A one-time permission to set a user's password. Its secret is not in here.
///
/// @param kind `invite` for a first sign-in, `reset` for a new password
/// @param expires also when the state forgets it
public record Invite(String user, String kind, Instant expires) {
  /// The first password of a new user.
  public static final String INVITE = "invite";

  /// A new password of a known user.
  public static final String RESET = "reset";
}
