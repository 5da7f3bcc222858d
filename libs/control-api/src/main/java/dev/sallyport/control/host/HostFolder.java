package dev.sallyport.control.host;

import dev.sallyport.control.HostCertificate;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PrivateFile;
import dev.sallyport.pki.TlsIdentity;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a host keeps of its membership, in a folder of its own, every file 0600: `identity.pem`
/// (key, certificate, host authorities), `user-cas.pem`, `host_uuid`; and, while it listens with
/// another certificate than it dials with, `listener.pem`.
public final class HostFolder {
  private static final String IDENTITY = "identity.pem";
  private static final String LISTENER = "listener.pem";
  private static final String USER_AUTHORITIES = "user-cas.pem";
  private static final String HOST_ID = "host_uuid";
  private static final int MAX_HOST_ID = 255;
  private static final Logger LOG = LoggerFactory.getLogger(HostFolder.class);

  private final Path folder;
  private final SystemRole role;
  private final InstantSource clock;

  /// @param folder made when something is written
  /// @param role that the host has
  public HostFolder(Path folder, SystemRole role, InstantSource clock) {
    this.folder = folder;
    this.role = role;
    this.clock = clock;
  }

  /// The folder.
  public Path folder() {
    return folder;
  }

  /// The membership of an earlier start, if there is one that still counts.
  ///
  /// @throws IOException if it is there and cannot be read
  public Optional<HostMembership> load() throws IOException {
    var file = folder.resolve(IDENTITY);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var saved = IdentityFile.read(file);
    var users = Pem.certificates(Files.readString(folder.resolve(USER_AUTHORITIES)));
    var trust =
        new TrustBundle(saved.trust().clusterName(), users, saved.trust().hostAuthorities());
    return switch (verify(saved.identity(), trust)) {
      case Verification.Verified<VerifiedHost> host ->
          Optional.of(
              new HostMembership(
                  host.identity().identity().hostId(),
                  shown(asShown(role, saved.identity(), trust), trust),
                  trust));
      case Verification.Refused<VerifiedHost> refused -> {
        LOG.atWarn()
            .addKeyValue("file", file)
            .addKeyValue("reason", refused.reason())
            .log("The certificate of this host does not count any more; it has to join again");
        yield Optional.empty();
      }
    };
  }

  /// A Proxy shows its authority after its own certificate, for clients that know only a pin.
  static TlsIdentity asShown(SystemRole role, TlsIdentity alone, TrustBundle trust) {
    if (role != SystemRole.PROXY) {
      return alone;
    }
    return trust.hostAuthorities().stream()
        .filter(alone::isIssuedBy)
        .findFirst()
        .map(authority -> new TlsIdentity(alone.key(), List.of(alone.leaf(), authority)))
        .orElse(alone);
  }

  private Verification<VerifiedHost> verify(TlsIdentity identity, TrustBundle trust) {
    return new IdentityVerifier(() -> trust, clock).host(identity.chain(), Set.of(role));
  }

  /// A listener's certificate that does not count any more, or is another host's, was left over.
  private HostCertificate.Shown shown(TlsIdentity client, TrustBundle trust) throws IOException {
    var file = folder.resolve(LISTENER);
    if (Files.exists(file)) {
      var server = asShown(role, IdentityFile.read(file).identity(), trust);
      if (verify(server, trust) instanceof Verification.Verified<VerifiedHost> listening
          && verify(client, trust) instanceof Verification.Verified<VerifiedHost> dialling
          && listening.identity().identity().equals(dialling.identity().identity())) {
        return new HostCertificate.Shown(client, server);
      }
    }
    return HostCertificate.Shown.both(client);
  }

  /// Keeps a membership; the certificate last, since it is what counts as having joined.
  public void save(HostMembership membership) throws IOException {
    PrivateFile.write(folder.resolve(HOST_ID), membership.hostId() + "\n");
    PrivateFile.write(
        folder.resolve(USER_AUTHORITIES), Pem.encode(membership.trust().userAuthorities()));
    var hosts = TrustBundle.ofHosts(membership.clusterName(), membership.trust().hostAuthorities());
    var shown = membership.shown();
    var differ = !shown.server().equals(shown.client());
    if (differ) {
      new IdentityFile(shown.server(), hosts).write(folder.resolve(LISTENER));
    }
    new IdentityFile(shown.client(), hosts).write(folder.resolve(IDENTITY));
    if (!differ) {
      Files.deleteIfExists(folder.resolve(LISTENER));
    }
  }

  /// The host id of an earlier membership.
  public Optional<String> lastHostId() throws IOException {
    var file = folder.resolve(HOST_ID);
    if (!Files.exists(file) || Files.size(file) > MAX_HOST_ID) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty());
  }
}
