package dev.sallyport.control;

import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// The authorities of a cluster as they travel, each in PEM. Who needs no user authorities gets
/// none.
public record Trust(String clusterName, List<String> userCas, List<String> hostCas) {
  /// Copies the lists.
  public Trust {
    userCas = List.copyOf(userCas);
    hostCas = List.copyOf(hostCas);
  }

  /// The wire form of a bundle.
  public static Trust of(TrustBundle bundle) {
    return new Trust(
        bundle.clusterName(),
        bundle.userAuthorities().stream().map(Pem::encode).toList(),
        bundle.hostAuthorities().stream().map(Pem::encode).toList());
  }

  /// The wire form of a bundle's host authorities alone.
  public static Trust ofHosts(TrustBundle bundle) {
    return of(TrustBundle.ofHosts(bundle.clusterName(), bundle.hostAuthorities()));
  }

  /// The bundle, every authority checked.
  public TrustBundle toBundle() throws PemException {
    try {
      return new TrustBundle(clusterName, read(userCas), read(hostCas));
    } catch (IllegalArgumentException e) {
      throw new PemException("the cluster's authorities cannot be used: " + e.getMessage(), e);
    }
  }

  private static List<X509Certificate> read(List<String> texts) throws PemException {
    var certificates = new ArrayList<X509Certificate>();
    for (var text : texts) {
      certificates.add(Pem.certificate(text));
    }
    return certificates;
  }
}
