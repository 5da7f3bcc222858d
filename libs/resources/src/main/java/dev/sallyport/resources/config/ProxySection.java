package dev.sallyport.resources.config;

import dev.sallyport.model.HostPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// `proxy_service:` of a process that runs it.
///
/// @param publicAddrs under which clients reach it
/// @param httpsKeypairs its public certificates; without any it shows one of the cluster's own
public record ProxySection(
    HostPort webListenAddr, List<HostPort> publicAddrs, List<KeyPairFiles> httpsKeypairs) {
  /// Where the Proxy Service listens unless told otherwise.
  public static final int USUAL_PORT = 3080;

  public ProxySection {
    Objects.requireNonNull(webListenAddr, "webListenAddr");
    publicAddrs = List.copyOf(publicAddrs);
    httpsKeypairs = List.copyOf(httpsKeypairs);
  }

  /// The files of a private key and of its certificate chain, both in PEM.
  public record KeyPairFiles(Path keyFile, Path certFile) {
    public KeyPairFiles {
      Objects.requireNonNull(keyFile, "keyFile");
      Objects.requireNonNull(certFile, "certFile");
    }
  }
}
