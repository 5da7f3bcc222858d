package dev.sallyport.resources.config;

import dev.sallyport.model.HostPort;
import dev.sallyport.model.SystemRole;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// `auth_service:` of a process that runs it.
///
/// @param clusterName absent means that the service makes one up at its first start
/// @param publicAddrs further names under which it is reached
/// @param tokens join tokens that never end
/// @param defaultSessionTtl how long a sign-in lasts that does not ask for less
public record AuthSection(
    Optional<String> clusterName,
    HostPort listenAddr,
    List<HostPort> publicAddrs,
    List<StaticToken> tokens,
    Duration defaultSessionTtl) {
  /// Where the Auth Service listens unless told otherwise.
  public static final int USUAL_PORT = 3025;

  static final Duration USUAL_SESSION_TTL = Duration.ofHours(12);

  public AuthSection {
    Objects.requireNonNull(clusterName, "clusterName");
    Objects.requireNonNull(listenAddr, "listenAddr");
    publicAddrs = List.copyOf(publicAddrs);
    tokens = List.copyOf(tokens);
    Objects.requireNonNull(defaultSessionTtl, "defaultSessionTtl");
  }

  /// A token of the file, and what it lets join.
  public record StaticToken(List<SystemRole> roles, TokenSource token) {
    public StaticToken {
      roles = List.copyOf(roles);
      Objects.requireNonNull(token, "token");
    }
  }
}
