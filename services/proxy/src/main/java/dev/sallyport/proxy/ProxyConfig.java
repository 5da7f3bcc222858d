package dev.sallyport.proxy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;

/// What a Proxy Service needs to know.
///
/// @param webListen where its one port listens; port 0 takes any free one
/// @param publicAddresses `host` or `host:port` by which clients reach it, the first one shown to
///   users; may be empty
/// @param httpsKeypairs certificates of the web door, chosen by host name, the first one for
///   everybody else; without any, the Proxy shows its certificate of the cluster's host authority
/// @param dataFolder the process's data folder
/// @param authAddress where the Auth Service listens
/// @param connectionsOfAddressMax how many connections one address may have open; 0 = no limit
/// @param version the product's version
public record ProxyConfig(
    InetSocketAddress webListen,
    List<String> publicAddresses,
    List<HttpsKeypair> httpsKeypairs,
    Path dataFolder,
    InetSocketAddress authAddress,
    int connectionsOfAddressMax,
    String version) {
  /// Two PEM files that belong together.
  ///
  /// @param keyFile a private key in PKCS #8 form
  /// @param certFile its certificate and those between it and a root
  public record HttpsKeypair(Path keyFile, Path certFile) {}

  /// Copies the lists.
  public ProxyConfig {
    publicAddresses = List.copyOf(publicAddresses);
    httpsKeypairs = List.copyOf(httpsKeypairs);
  }
}
