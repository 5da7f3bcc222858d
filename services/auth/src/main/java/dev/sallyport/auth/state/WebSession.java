package dev.sallyport.auth.state;

import dev.sallyport.model.UserIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A browser's sign-in, as kept. Its secret is not in here.
///
/// @param roles those that the user had then
/// @param mfaDevice the second factor that proved the user, if one did
/// @param bond stands for the user's credentials at the sign-in: when they change, it ends
/// @param ends when it ends at the latest
public record WebSession(
    String user,
    List<String> roles,
    Map<String, List<String>> traits,
    String address,
    Optional<String> mfaDevice,
    String bond,
    Instant ends) {
  /// Copies the collections.
  public WebSession {
    roles = List.copyOf(roles);
    traits = Map.copyOf(traits);
  }

  /// The session of a user who just signed in.
  public static WebSession of(UserIdentity user, String bond, Instant ends) {
    return new WebSession(
        user.user(),
        user.roles(),
        user.traits(),
        user.loginAddress().orElse(""),
        user.mfaDevice(),
        bond,
        ends);
  }
}
