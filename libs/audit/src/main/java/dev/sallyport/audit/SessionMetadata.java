package dev.sallyport.audit;

import dev.sallyport.model.Route;
import dev.sallyport.model.UserIdentity;
import java.util.Optional;

/// Which database session it belongs to.
///
/// @param sid the session's id
/// @param withMfa the device of the second factor that was proven for this session, when one was
/// @param privateKeyPolicy what was asked of the user's key; `none` in this version
public record SessionMetadata(String sid, Optional<String> withMfa, String privateKeyPolicy) {

  private static final String NO_POLICY = "none";

  /// The session that a database certificate names.
  public static SessionMetadata of(UserIdentity identity) {
    String sid = identity.route().map(route -> route.sessionId()).orElse("");
    return new SessionMetadata(sid, identity.route().flatMap(Route::mfaDevice), NO_POLICY);
  }
}
