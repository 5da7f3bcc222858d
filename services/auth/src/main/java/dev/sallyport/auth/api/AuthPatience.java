package dev.sallyport.auth.api;

import java.time.Duration;

/// How long a connection to the Auth Service may keep it waiting.
///
/// @param silence without a byte either way
/// @param request in no request, whatever bytes come: before its handshake and first request are
///   whole, or after one
public record AuthPatience(Duration silence, Duration request) {
  /// 60 s, 75 s.
  public static final AuthPatience DEFAULT =
      new AuthPatience(Duration.ofSeconds(60), Duration.ofSeconds(75));
}
