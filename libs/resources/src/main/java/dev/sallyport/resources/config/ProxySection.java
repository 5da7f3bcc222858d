package dev.sallyport.resources.config;

import dev.sallyport.model.HostPort;
import dev.sallyport.model.NetworkRange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// `proxy_service:` of a process that runs it.
///
/// @param publicAddrs under which clients reach it
/// @param httpsKeypairs its public certificates; without any it shows one of the cluster's own
/// @param reloadEvery how often their files are looked at; zero = only when told
/// @param balancers where load balancers are, each of whose connections begins with a PROXY header
public record ProxySection(
    HostPort webListenAddr,
    List<HostPort> publicAddrs,
    List<KeyPairFiles> httpsKeypairs,
    Duration reloadEvery,
    List<NetworkRange> balancers) {
  static final Duration RELOAD_USUAL = Duration.ofMinutes(1);
  static final Duration RELOAD_MIN = Duration.ofSeconds(1);
  static final Duration RELOAD_MAX = Duration.ofHours(24);

  /// Where the Proxy Service listens unless told otherwise.
  public static final int USUAL_PORT = 3080;

  public ProxySection {
    Objects.requireNonNull(webListenAddr, "webListenAddr");
    publicAddrs = List.copyOf(publicAddrs);
    httpsKeypairs = List.copyOf(httpsKeypairs);
    Objects.requireNonNull(reloadEvery, "reloadEvery");
    balancers = List.copyOf(balancers);
  }

  /// The files of a private key and of its certificate chain, both in PEM.
  public record KeyPairFiles(Path keyFile, Path certFile) {
    public KeyPairFiles {
      Objects.requireNonNull(keyFile, "keyFile");
      Objects.requireNonNull(certFile, "certFile");
    }
  }
}
