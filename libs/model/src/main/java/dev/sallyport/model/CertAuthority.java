package dev.sallyport.model;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A certificate authority of the cluster as a resource: its certificates, and its keys where the
/// reader may have them.
///
/// @param type `user` or `host`; also the resource's name
/// @param active what signs and is trusted
/// @param additional what is trusted too, while keys are being changed
/// @param rotation how far a change of keys is
/// @param retired what was trusted once; only for records that were signed in that time
public record CertAuthority(
    Metadata metadata,
    String type,
    String clusterName,
    List<KeyPair> active,
    List<KeyPair> additional,
    CaRotation rotation,
    List<Retired> retired)
    implements Resource {
  /// The most retired certificates that are kept; the oldest go.
  public static final int RETIRED_MAX = 32;

  public CertAuthority {
    Objects.requireNonNull(metadata, "metadata");
    Names.check(type, "certificate authority type");
    Names.check(clusterName, "cluster name");
    active = List.copyOf(active);
    additional = List.copyOf(additional);
    Objects.requireNonNull(rotation, "rotation");
    retired =
        List.copyOf(retired.subList(Math.max(0, retired.size() - RETIRED_MAX), retired.size()));
  }

  /// One whose key was never changed.
  public CertAuthority(
      Metadata metadata,
      String type,
      String clusterName,
      List<KeyPair> active,
      List<KeyPair> additional) {
    this(metadata, type, clusterName, active, additional, CaRotation.NEVER, List.of());
  }

  /// A certificate in PEM, and its private key in PEM unless it was left out.
  public record KeyPair(String certPem, Optional<Secret> keyPem) {
    public KeyPair {
      Objects.requireNonNull(certPem, "certPem");
      Objects.requireNonNull(keyPem, "keyPem");
    }
  }

  /// A certificate that is not trusted any more.
  ///
  /// @param at since when
  public record Retired(String certPem, Instant at) {
    public Retired {
      Objects.requireNonNull(certPem, "certPem");
      Objects.requireNonNull(at, "at");
    }
  }

  /// The same without any private key.
  public CertAuthority withoutSecrets() {
    return new CertAuthority(
        metadata, type, clusterName, publicOnly(active), publicOnly(additional), rotation, retired);
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
    return new CertAuthority(newMetadata, type, clusterName, active, additional, rotation, retired);
  }
}
