package dev.sallyport.auth.state;

import dev.sallyport.model.CertAuthority;
import dev.sallyport.model.Kind;
import dev.sallyport.model.Metadata;
import dev.sallyport.model.RotationPhase;
import dev.sallyport.model.Secret;
import dev.sallyport.pki.CaKind;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PemException;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.authority.CertificateAuthority;
import dev.sallyport.store.CommitResult;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import dev.sallyport.store.StoreException;
import dev.sallyport.store.Write;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The cluster's name, which stays, and its authorities, whose keys can be changed: who signs now,
/// and who is trusted now. Safe from any thread.
public final class Authorities {
  private final String clusterName;
  private final StateStore store;
  private final InstantSource clock;
  private final SecureRandom random;
  private volatile Current current;

  /// As the state has it.
  private record Current(
      CertificateAuthority users,
      CertificateAuthority hosts,
      CertificateAuthority listeningHosts,
      TrustBundle trust) {}

  private Authorities(
      String clusterName, StateStore store, InstantSource clock, SecureRandom random) {
    this.clusterName = clusterName;
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.current = read();
  }

  /// The cluster's name.
  public String clusterName() {
    return clusterName;
  }

  /// Signs for users.
  public CertificateAuthority users() {
    return current.users();
  }

  /// Signs for hosts, for where they dial.
  public CertificateAuthority hosts() {
    return current.hosts();
  }

  /// Signs for hosts, for where they listen: in the phase `update_clients` still with the old key,
  /// which everybody who dials them trusts.
  public CertificateAuthority listeningHosts() {
    return current.listeningHosts();
  }

  /// What everybody in the cluster trusts.
  public TrustBundle trust() {
    return current.trust();
  }

  /// An authority as it is kept, with its keys.
  public CertAuthority resource(CaKind kind) {
    return new ResourceState(store)
        .get(Kind.CERT_AUTHORITY, kind.wireName())
        .map(CertAuthority.class::cast)
        .orElseThrow(
            () -> new StoreException("the state lost the " + kind.wireName() + " authority"));
  }

  /// A new key of an authority and its certificate.
  public CertAuthority.KeyPair newKey(CaKind kind) {
    return pair(CertificateAuthority.create(kind, clusterName, clock, random));
  }

  /// Takes over what the state has now.
  public synchronized void refresh() {
    current = read();
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
    return new Authorities(name, store, clock, random);
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
    return new CertAuthority(
        Metadata.named(type), type, authority.clusterName(), List.of(pair(authority)), List.of());
  }

  private static CertAuthority.KeyPair pair(CertificateAuthority authority) {
    return new CertAuthority.KeyPair(
        authority.certificatePem(), Optional.of(authority.privateKeyPem()));
  }

  private Current read() {
    var users = resource(CaKind.USER);
    var hosts = resource(CaKind.HOST);
    var active = load(CaKind.HOST, hosts.active().getFirst());
    var listening =
        hosts.rotation().phase() == RotationPhase.UPDATE_CLIENTS
            ? load(CaKind.HOST, hosts.additional().getFirst())
            : active;
    return new Current(
        load(CaKind.USER, users.active().getFirst()),
        active,
        listening,
        new TrustBundle(clusterName, certificates(users), certificates(hosts)));
  }

  private static List<X509Certificate> certificates(CertAuthority authority) {
    var pairs = new ArrayList<>(authority.active());
    pairs.addAll(authority.additional());
    var certificates = new ArrayList<X509Certificate>();
    for (var pair : pairs) {
      try {
        certificates.add(Pem.certificate(pair.certPem()));
      } catch (PemException e) {
        throw unusable(authority.type(), e);
      }
    }
    return certificates;
  }

  private CertificateAuthority load(CaKind kind, CertAuthority.KeyPair pair) {
    var key =
        pair.keyPem()
            .orElseThrow(
                () -> new StoreException("the " + kind.wireName() + " authority has no key"));
    try {
      return CertificateAuthority.load(
          kind, Secret.of(key.reveal()), pair.certPem(), clock, random);
    } catch (PemException e) {
      throw unusable(kind.wireName(), e);
    }
  }

  private static StoreException unusable(String kind, PemException e) {
    return new StoreException("the state's " + kind + " authority can't be used", e);
  }

  /// As kept.
  private record ClusterName(String name) {}
}
