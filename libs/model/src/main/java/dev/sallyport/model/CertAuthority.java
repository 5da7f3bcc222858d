package dev.sallyport.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A certificate authority of the cluster as a resource: its certificates, and its keys where the
/// reader may have them.
///
/// @param type `user` or `host`; also the resource's name
/// @param active what signs and is trusted
/// @param additional what is trusted too, while keys are being changed
public record CertAuthority(
    Metadata metadata,
    String type,
    String clusterName,
    List<KeyPair> active,
    List<KeyPair> additional)
    implements Resource {
  public CertAuthority {
    Objects.requireNonNull(metadata, "metadata");
    Names.check(type, "certificate authority type");
    Names.check(clusterName, "cluster name");
    active = List.copyOf(active);
    additional = List.copyOf(additional);
  }

  /// A certificate in PEM, and its private key in PEM unless it was left out.
  public record KeyPair(String certPem, Optional<Secret> keyPem) {
    public KeyPair {
      Objects.requireNonNull(certPem, "certPem");
      Objects.requireNonNull(keyPem, "keyPem");
    }
  }

  /// The same without any private key.
  public CertAuthority withoutSecrets() {
    return new CertAuthority(
        metadata, type, clusterName, publicOnly(active), publicOnly(additional));
  }

  private static List<KeyPair> publicOnly(List<KeyPair> pairs) {
    return pairs.stream().map(pair -> new KeyPair(pair.certPem(), Optional.empty())).toList();
  }

  @Override
  public Kind kind() {
    return Kind.CERT_AUTHORITY;
  }

  @Override
  public CertAuthority withMetadata(Metadata newMetadata) {
    return new CertAuthority(newMetadata, type, clusterName, active, additional);
  }
}
