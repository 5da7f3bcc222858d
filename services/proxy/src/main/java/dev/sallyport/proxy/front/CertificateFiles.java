package dev.sallyport.proxy.front;

import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.proxy.ProxyConfig.HttpsKeypair;
import dev.sallyport.proxy.ProxyStartException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the operator's certificates, and says what is wrong with them by the keys of the
/// configuration.
final class CertificateFiles {
  private static final long FILE_BYTES_MAX = 1 << 20;

  private CertificateFiles() {}

  /// The identities of the pairs, in their order.
  ///
  /// @throws ProxyStartException if a file can't be read, or the parts of a pair do not fit
  static List<TlsIdentity> read(List<HttpsKeypair> keypairs) throws ProxyStartException {
    var identities = new ArrayList<TlsIdentity>();
    for (int i = 0; i < keypairs.size(); i++) {
      identities.add(read(keypairs.get(i), key(i)));
    }
    return List.copyOf(identities);
  }

  private static String key(int index) {
    return "proxy_service.https_keypairs[" + index + "]";
  }

  private static TlsIdentity read(HttpsKeypair files, String key) throws ProxyStartException {
    var certificates = text(files.certFile(), key + ".cert_file");
    var privateKey = text(files.keyFile(), key + ".key_file");
    List<X509Certificate> chain;
    try {
      chain = Pem.certificates(certificates);
    } catch (PemException e) {
      throw new ProxyStartException(
          key + ".cert_file: " + files.certFile() + ": " + e.getMessage(), e);
    }
    requireOrder(chain, key + ".cert_file: " + files.certFile());
    try {
      return new TlsIdentity(Pem.privateKey(privateKey), chain);
    } catch (PemException | IllegalArgumentException e) {
      throw new ProxyStartException(
          key + ".key_file: " + files.keyFile() + ": " + e.getMessage(), e);
    }
  }

  private static void requireOrder(List<X509Certificate> chain, String file)
      throws ProxyStartException {
    for (int i = 1; i < chain.size(); i++) {
      try {
        chain.get(i - 1).verify(chain.get(i).getPublicKey());
      } catch (GeneralSecurityException e) {
        throw new ProxyStartException(
            "%s: certificate %d did not sign certificate %d (expected: the Proxy's own first, then"
                    .formatted(file, i + 1, i)
                + " each one's issuer)",
            e);
      }
    }
  }

  private static String text(Path file, String key) throws ProxyStartException {
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new ProxyStartException(key + ": " + file + " is larger than 1 MB");
      }
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ProxyStartException(key + ": there is no file " + file, e);
    } catch (ProxyStartException e) {
      throw e;
    } catch (IOException e) {
      throw new ProxyStartException(key + ": can't read " + file + ": " + e.getMessage(), e);
    }
  }

  /// What is wrong with their times now; nothing if clients will take them.
  static Optional<String> outOfTime(List<TlsIdentity> identities, Instant now) {
    for (int i = 0; i < identities.size(); i++) {
      for (var certificate : identities.get(i).chain()) {
        var begin = certificate.getNotBefore().toInstant();
        var end = certificate.getNotAfter().toInstant();
        var subject = certificate.getSubjectX500Principal();
        if (now.isAfter(end)) {
          return Optional.of(
              "%s.cert_file: the certificate of %s ended at %s".formatted(key(i), subject, end));
        }
        if (now.isBefore(begin)) {
          return Optional.of(
              "%s.cert_file: the certificate of %s is not good before %s"
                  .formatted(key(i), subject, begin));
        }
      }
    }
    return Optional.empty();
  }

  /// When the first of them ends; nothing without any.
  static Optional<Instant> end(List<TlsIdentity> identities) {
    return identities.stream()
        .flatMap(identity -> identity.chain().stream())
        .map(certificate -> certificate.getNotAfter().toInstant())
        .min(Instant::compareTo);
  }
}
