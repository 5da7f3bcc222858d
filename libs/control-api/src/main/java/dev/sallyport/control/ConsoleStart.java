package dev.sallyport.control;

import java.time.Duration;
import java.util.Optional;

/// A command-line tool asks for a browser to prove who its user is. As tsh sends it to the Proxy's
/// public door, to sign in ([ControlRoutes#WEB_CONSOLE]); or, for a user who is signed in and must
/// show a key once more, to Auth ([ControlRoutes#MFA_CONSOLE]).
///
/// @param user who is expected; absent means whoever signs in
/// @param publicKey PEM of the key to be certified; not used for a second factor alone
/// @param ttl how long the login shall last
/// @param port where the tool listens on 127.0.0.1; the browser is sent nowhere else
/// @param sealingKey PEM of a P-256 key for this one answer, which is sealed to it
public record ConsoleStart(
    Optional<String> user,
    Optional<String> publicKey,
    Optional<Duration> ttl,
    int port,
    String sealingKey,
    ConsoleClient client) {
  /// What the tool says of itself, for people to recognise; nobody vouches for it.
  ///
  /// @param program such as `tsh 1.0.0`
  public record ConsoleClient(String program, String host, String os, String reason) {}
}
