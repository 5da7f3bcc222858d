package dev.sallyport.auth.state;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.StoreException;
import dev.sallyport.store.Write;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The cluster's name and its authorities, made at the first start and the same ever after.
public record Authorities(
    String clusterName, CertificateAuthority users, CertificateAuthority hosts) {

  /// What everybody in the cluster trusts.
  public TrustBundle trust() {
    return new TrustBundle(clusterName, List.of(users.certificate()), List.of(hosts.certificate()));
  }

  /// Reads name and authorities, or makes them, all three or none.
  ///
  /// @param wanted the name from the configuration; it can't change once the cluster exists
  /// @param generated the name to take when none is wanted
  public static Authorities open(
      StateStore store,
      Optional<String> wanted,
      String generated,
      InstantSource clock,
      SecureRandom random) {
    if (store.get(Keys.CLUSTER).isEmpty()) {
      create(store, wanted.orElse(generated), clock, random);
    }
    var name =
        store
            .get(Keys.CLUSTER)
            .map(item -> StateJson.read(item.value(), ClusterName.class).name())
            .orElseThrow(() -> new StoreException("the state lost the cluster's name"));
    if (wanted.isPresent() && !wanted.get().equals(name)) {
      throw new StoreException(
          "auth_service.cluster_name is \"%s\", but this cluster's name is \"%s\": a name can't"
                  .formatted(wanted.get(), name)
              + " change; set it back, or start a new cluster with another data_dir");
    }
    return new Authorities(
        name, load(store, CaKind.USER, clock, random), load(store, CaKind.HOST, clock, random));
  }

  private static void create(
      StateStore store, String name, InstantSource clock, SecureRandom random) {
    var users = CertificateAuthority.create(CaKind.USER, name, clock, random);
    var hosts = CertificateAuthority.create(CaKind.HOST, name, clock, random);
    var result =
        store.commit(
            List.of(
                Write.put(Keys.CLUSTER, StateJson.write(new ClusterName(name)), Condition.absent()),
                ResourceState.put(resource(users), Condition.absent()),
                ResourceState.put(resource(hosts), Condition.absent())));
    if (result instanceof CommitResult.Conflict(String key, Condition _)) {
      throw new StoreException("the state is half made: " + key + " exists without the rest");
    }
  }

  private static CertAuthority resource(CertificateAuthority authority) {
    var type = authority.kind().wireName();
    var pair =
        new CertAuthority.KeyPair(
            authority.certificatePem(), Optional.of(authority.privateKeyPem()));
    return new CertAuthority(
        Metadata.named(type), type, authority.clusterName(), List.of(pair), List.of());
  }

  private static CertificateAuthority load(
      StateStore store, CaKind kind, InstantSource clock, SecureRandom random) {
    var resource =
        new ResourceState(store)
            .get(Kind.CERT_AUTHORITY, kind.wireName())
            .map(CertAuthority.class::cast)
            .orElseThrow(
                () -> new StoreException("the state lost the " + kind.wireName() + " authority"));
    var pair = resource.active().getFirst();
    var key =
        pair.keyPem()
            .orElseThrow(
                () -> new StoreException("the " + kind.wireName() + " authority has no key"));
    try {
      return CertificateAuthority.load(
          kind, Secret.of(key.reveal()), pair.certPem(), clock, random);
    } catch (PemException e) {
      throw new StoreException("the state's " + kind.wireName() + " authority can't be used", e);
    }
  }

  /// As kept.
  private record ClusterName(String name) {}
}
