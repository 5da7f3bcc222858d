package dev.sallyport.auth;

import dev.sallyport.audit.store.Retention;
import dev.sallyport.auth.export.ExportTarget;
import dev.sallyport.auth.join.HostIssuer;
import dev.sallyport.model.AuthPreference;
import dev.sallyport.model.ProvisionToken;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the Auth Service needs to know to start.
///
/// @param dataDir where state, log and the administrator's identity are kept
/// @param clusterName the cluster's name; empty = the name it has, or at the first start one made
///   from `nodeName`
/// @param listenAddress port 0 = any free one
/// @param proxyPublicAddress `host:port` under which browsers reach the Proxy, for links
/// @param nodeName what this host is called
/// @param staticTokens join tokens that never expire
/// @param preference how people sign in, of the config file; absent = as it was kept
/// @param breachedPasswords a file of passwords that nobody may choose
/// @param audit how long records are kept, and where they are copied to
/// @param version of this program, as clients are told
/// @param hosts how hosts become parts of the cluster
public record AuthConfig(
    Path dataDir,
    Optional<String> clusterName,
    InetSocketAddress listenAddress,
    Optional<String> proxyPublicAddress,
    String nodeName,
    List<ProvisionToken> staticTokens,
    Optional<AuthPreference> preference,
    Optional<Path> breachedPasswords,
    Audit audit,
    String version,
    Hosts hosts) {
  /// Copies.
  public AuthConfig {
    staticTokens = List.copyOf(staticTokens);
  }

  /// With the usual life of host certificates, and AWS where it usually is.
  public AuthConfig(
      Path dataDir,
      Optional<String> clusterName,
      InetSocketAddress listenAddress,
      Optional<String> proxyPublicAddress,
      String nodeName,
      List<ProvisionToken> staticTokens,
      Optional<AuthPreference> preference,
      Optional<Path> breachedPasswords,
      Audit audit,
      String version) {
    this(
        dataDir,
        clusterName,
        listenAddress,
        proxyPublicAddress,
        nodeName,
        staticTokens,
        preference,
        breachedPasswords,
        audit,
        version,
        Hosts.USUAL);
  }

  /// How hosts become parts of the cluster.
  ///
  /// @param ttl how long the certificates of the cluster's own parts last
  /// @param ec2Certificates the folder with AWS's certificates for what it says of instances
  /// @param env the environment, which says where AWS is and whose certificates it has:
  ///   `AWS_ENDPOINT_URL_STS`, `AWS_CA_BUNDLE`, `SSL_CERT_FILE`, `SSL_CERT_DIR`
  public record Hosts(Duration ttl, Optional<Path> ec2Certificates, Map<String, String> env) {
    /// The usual life, and AWS where it usually is.
    public static final Hosts USUAL = new Hosts(HostIssuer.USUAL_TTL, Optional.empty(), Map.of());

    /// Copies the environment.
    public Hosts {
      env = Map.copyOf(env);
    }

    /// Without the environment, which holds secrets.
    @Override
    public String toString() {
      return "Hosts[ttl=" + ttl + "]";
    }
  }

  /// What becomes of audit records.
  ///
  /// @param exports at most one of each kind
  public record Audit(Retention retention, List<ExportTarget> exports) {
    /// The usual retention, and no copies.
    public static final Audit DEFAULT = new Audit(Retention.USUAL, List.of());

    /// Copies the list.
    public Audit {
      exports = List.copyOf(exports);
    }
  }
}
