package dev.sallyport.proxy.front;

import dev.sallyport.net.TlsContexts;
import dev.sallyport.net.TlsProvider;
import dev.sallyport.pki.IdentityBound;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.proxy.ProxyConfig.HttpsKeypair;
import dev.sallyport.proxy.ProxyStartException;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The certificates of the web door: the configured one whose names hold the host name that the
/// client asked for, else the first; without any, the Proxy's own.
final class WebCertificates {
  /// What the web door speaks, in the order of its choice.
  static final List<String> PROTOCOLS = List.of("h2", "http/1.1");

  private static final int DNS_NAME = 2;
  private static final long FILE_BYTES_MAX = 1 << 20;

  private final List<Entry> entries;
  private final Supplier<SslContext> own;

  private record Entry(Set<String> names, SslContext context) {
    boolean covers(String host) {
      int dot = host.indexOf('.');
      return names.contains(host) || (dot > 0 && names.contains("*" + host.substring(dot)));
    }
  }

  private WebCertificates(List<Entry> entries, Supplier<SslContext> own) {
    this.entries = entries;
    this.own = own;
  }

  /// Reads the files.
  static WebCertificates load(
      List<HttpsKeypair> keypairs, Supplier<TlsIdentity> own, TlsProvider provider)
      throws ProxyStartException {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < keypairs.size(); i++) {
      var key = "proxy_service.https_keypairs[" + i + "]";
      var identity = read(keypairs.get(i), key);
      try {
        entries.add(
            new Entry(
                names(identity.leaf()), TlsContexts.webServer(identity, PROTOCOLS, provider)));
      } catch (IllegalArgumentException | CertificateParsingException e) {
        throw new ProxyStartException(key + ": " + e.getMessage(), e);
      }
    }
    return new WebCertificates(
        List.copyOf(entries),
        new IdentityBound<>(own, identity -> TlsContexts.webServer(identity, PROTOCOLS, provider)));
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
    try {
      return new TlsIdentity(Pem.privateKey(privateKey), chain);
    } catch (PemException | IllegalArgumentException e) {
      throw new ProxyStartException(
          key + ".key_file: " + files.keyFile() + ": " + e.getMessage(), e);
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

  private static Set<String> names(X509Certificate leaf) throws CertificateParsingException {
    var names = new LinkedHashSet<String>();
    var alternatives = leaf.getSubjectAlternativeNames();
    if (alternatives != null) {
      for (var alternative : alternatives) {
        if (alternative.get(0) instanceof Integer type
            && type == DNS_NAME
            && alternative.get(1) instanceof String name) {
          names.add(name.toLowerCase(Locale.ROOT));
        }
      }
    }
    return Set.copyOf(names);
  }

  /// The context for a host name.
  SslContext choose(Optional<String> host) {
    if (entries.isEmpty()) {
      return own.get();
    }
    return host.flatMap(name -> entries.stream().filter(one -> one.covers(name)).findFirst())
        .orElse(entries.getFirst())
        .context();
  }
}
