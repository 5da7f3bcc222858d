package dev.sallyport.pki;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The public authorities that this machine trusts. Where they are is settled at once; they are
/// read at the first check, which takes a while.
///
/// `SSL_CERT_FILE` (a file) and `SSL_CERT_DIR` (folders, separated by `:`) replace the machine's
/// own. Else the operating system's usual file counts, else Java's own list.
public final class SystemTrust {
  /// The longest bundle that is read, in bytes.
  public static final int MAX_BUNDLE = 16 << 20;

  /// The most files that are read of one folder.
  public static final int MAX_FILES = 4096;

  private static final List<String> USUAL_FILES =
      List.of(
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/etc/ssl/ca-bundle.pem",
          "/etc/pki/tls/cacert.pem",
          "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
          "/etc/ssl/cert.pem");
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN (TRUSTED )?CERTIFICATE-----[^-]+-----END \\1?CERTIFICATE-----");

  private final List<Path> sources;
  private final List<X509Certificate> given;
  private @Nullable X509TrustManager loaded;

  private SystemTrust(List<Path> sources, List<X509Certificate> given) {
    this.sources = List.copyOf(sources);
    this.given = List.copyOf(given);
  }

  /// The authorities for a process with that environment. Fails when a file or folder that the
  /// environment names cannot be read.
  public static SystemTrust load(Map<String, String> env) throws IOException {
    var sources = new ArrayList<Path>();
    var file = env.getOrDefault("SSL_CERT_FILE", "");
    if (!file.isBlank()) {
      sources.add(readable("SSL_CERT_FILE", file));
    }
    for (var folder : env.getOrDefault("SSL_CERT_DIR", "").split(":", -1)) {
      if (!folder.isBlank()) {
        sources.add(readable("SSL_CERT_DIR", folder));
      }
    }
    if (sources.isEmpty()) {
      USUAL_FILES.stream()
          .map(Path::of)
          .filter(Files::isReadable)
          .findFirst()
          .ifPresent(sources::add);
    }
    return new SystemTrust(sources, List.of());
  }

  /// Only these authorities.
  public static SystemTrust of(List<X509Certificate> authorities) {
    if (authorities.isEmpty()) {
      throw new IllegalArgumentException("no authority given");
    }
    return new SystemTrust(List.of(), authorities);
  }

  /// Checks that a server's chain ends at one of the authorities and that its certificate is for
  /// the host.
  public void check(X509Certificate[] chain, String host) throws CertificateException {
    if (chain.length == 0 || chain.length > TlsIdentity.MAX_CHAIN) {
      throw new CertificateException("the server sent " + chain.length + " certificates");
    }
    // The kind of handshake is not told by every TLS library, and does not matter for ECDHE.
    trustManager().checkServerTrusted(chain, "UNKNOWN");
    if (!HostNames.matches(chain[0], host)) {
      throw new CertificateException("the server's certificate is not for '" + host + "'");
    }
  }

  private synchronized X509TrustManager trustManager() throws CertificateException {
    var manager = loaded;
    if (manager == null) {
      try {
        manager = build();
      } catch (IOException | GeneralSecurityException e) {
        throw new CertificateException("cannot load the trusted authorities: " + e.getMessage(), e);
      }
      loaded = manager;
    }
    return manager;
  }

  private X509TrustManager build() throws IOException, GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance("PKIX");
    if (sources.isEmpty() && given.isEmpty()) {
      factory.init((KeyStore) null);
    } else {
      var anchors = new HashSet<TrustAnchor>();
      given.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
      for (var source : sources) {
        read(source, anchors);
      }
      if (anchors.isEmpty()) {
        throw new IOException("no certificate found in " + sources);
      }
      var parameters = new PKIXBuilderParameters(anchors, new X509CertSelector());
      parameters.setRevocationEnabled(false);
      factory.init(new CertPathTrustManagerParameters(parameters));
    }
    for (var manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("this Java has no X.509 trust manager");
  }

  private static void read(Path source, Set<TrustAnchor> anchors) throws IOException {
    if (!Files.isDirectory(source)) {
      readFile(source, anchors);
      return;
    }
    int files = 0;
    try (var entries = Files.newDirectoryStream(source)) {
      for (var entry : entries) {
        if (Files.isRegularFile(entry) && ++files <= MAX_FILES) {
          readFile(entry, anchors);
        }
      }
    }
  }

  private static void readFile(Path file, Set<TrustAnchor> anchors) throws IOException {
    if (Files.size(file) > MAX_BUNDLE) {
      throw new IOException(file + " is longer than " + MAX_BUNDLE + " bytes");
    }
    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
    var blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      if (blocks.group(1) == null) {
        parse(blocks.group()).ifPresent(found -> anchors.add(new TrustAnchor(found, null)));
      }
    }
  }

  /// A bundle may hold what Java cannot read; trusting fewer is safe.
  private static Optional<X509Certificate> parse(String block) {
    try {
      return Optional.of(Pem.certificate(block));
    } catch (PemException e) {
      return Optional.empty();
    }
  }

  private static Path readable(String variable, String value) throws IOException {
    var path = Path.of(value);
    if (!Files.isReadable(path)) {
      throw new IOException(variable + " names " + value + ", which cannot be read");
    }
    return path;
  }
}
