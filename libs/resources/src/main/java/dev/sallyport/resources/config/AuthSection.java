package dev.sallyport.resources.config;

import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.HostPort;
import dev.sallyport.model.SystemRole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// `auth_service:` of a process that runs it.
///
/// @param clusterName absent means that the service makes one up at its first start
/// @param publicAddrs further names under which it is reached
/// @param tokens join tokens that never end
/// @param authentication how people sign in; absent means that what is stored decides
/// @param breachedPasswords a file of passwords that nobody may choose
/// @param audit how long audit records are kept, and where they are copied
/// @param hostCertTtl how long the certificates of the cluster's own parts last
/// @param ec2Certificates a folder with the certificates by which AWS signs what it says of
///   instances, one for each region
public record AuthSection(
    Optional<String> clusterName,
    HostPort listenAddr,
    List<HostPort> publicAddrs,
    List<StaticToken> tokens,
    Optional<AuthPreference> authentication,
    Optional<Path> breachedPasswords,
    AuthAudit audit,
    Optional<Duration> hostCertTtl,
    Optional<Path> ec2Certificates) {
  /// The shortest life of a host's certificate.
  public static final Duration HOST_CERT_TTL_MIN = Duration.ofHours(1);

  /// The longest.
  public static final Duration HOST_CERT_TTL_MAX = Duration.ofDays(3650);

  /// Where the Auth Service listens unless told otherwise.
  public static final int USUAL_PORT = 3025;

  public AuthSection {
    Objects.requireNonNull(clusterName, "clusterName");
    Objects.requireNonNull(listenAddr, "listenAddr");
    publicAddrs = List.copyOf(publicAddrs);
    tokens = List.copyOf(tokens);
    Objects.requireNonNull(authentication, "authentication");
    Objects.requireNonNull(breachedPasswords, "breachedPasswords");
    Objects.requireNonNull(audit, "audit");
    Objects.requireNonNull(hostCertTtl, "hostCertTtl");
    Objects.requireNonNull(ec2Certificates, "ec2Certificates");
  }

  /// A token of the file, and what it lets join.
  public record StaticToken(List<SystemRole> roles, TokenSource token) {
    public StaticToken {
      roles = List.copyOf(roles);
      Objects.requireNonNull(token, "token");
    }
  }
}
