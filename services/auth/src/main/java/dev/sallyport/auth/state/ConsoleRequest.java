package dev.sallyport.auth.state;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// A tool's request for a browser, as it is kept while it is open. Whoever answers it removes it,
/// so it is answered once.
///
/// @param kind [#LOGIN] or [#MFA]
/// @param user who is expected, if anybody
/// @param publicKey to be certified; empty for a second factor
/// @param port where the tool listens on 127.0.0.1
/// @param sealingKey to which the answer is sealed
/// @param salt hash of the tool's secret, in hexadecimal
/// @param client what the tool says of itself
/// @param address where it came from, as the Proxy saw it
public record ConsoleRequest(
    String kind,
    Optional<String> user,
    Optional<String> publicKey,
    Optional<Duration> ttl,
    int port,
    String sealingKey,
    String salt,
    Client client,
    String address,
    Instant requested,
    Instant expires) {
  /// The tool gets a login.
  public static final String LOGIN = "login";

  /// The tool gets a second factor confirmed.
  public static final String MFA = "mfa";

  /// What a tool says of itself.
  public record Client(String program, String host, String os, String reason) {}
}
