package dev.sallyport.proxy;

import dev.sallyport.model.NetworkRange;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a Proxy Service needs to know.
///
/// @param webListen where its one port listens; port 0 takes any free one
/// @param publicAddresses `host` or `host:port` by which clients reach it, the first one shown to
///   users; may be empty
/// @param httpsKeypairs certificates of the web door, chosen by host name, the first one for
///   everybody else; without any, the Proxy shows its certificate of the cluster's host authority
/// @param edge what else is between it and the world
/// @param dataFolder the process's data folder
/// @param authAddress where the Auth Service listens
/// @param connectionsOfAddressMax how many connections one address may have open; 0 = no limit
/// @param version the product's version
public record ProxyConfig(
    InetSocketAddress webListen,
    List<String> publicAddresses,
    List<HttpsKeypair> httpsKeypairs,
    Edge edge,
    Path dataFolder,
    InetSocketAddress authAddress,
    int connectionsOfAddressMax,
    String version) {
  /// Two PEM files that belong together.
  ///
  /// @param keyFile a private key in PKCS #8 form
  /// @param certFile its certificate and those between it and a root
  public record HttpsKeypair(Path keyFile, Path certFile) {}

  /// What changes at the edge, and who stands in front.
  ///
  /// @param reloadEvery how often the files of the certificates are looked at; zero = only when
  ///   told
  /// @param balancers where load balancers are that send a PROXY header; they must, nobody else may
  public record Edge(Duration reloadEvery, List<NetworkRange> balancers) {
    /// Files are looked at each minute; nobody sends a PROXY header.
    public static final Edge USUAL = new Edge(Duration.ofMinutes(1), List.of());

    /// Copies the list.
    public Edge {
      balancers = List.copyOf(balancers);
    }
  }

  /// Copies the lists.
  public ProxyConfig {
    publicAddresses = List.copyOf(publicAddresses);
    httpsKeypairs = List.copyOf(httpsKeypairs);
  }
}
