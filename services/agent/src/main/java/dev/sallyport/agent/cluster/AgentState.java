package dev.sallyport.agent.cluster;

import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.IdentityFile;
import dev.sallyport.pki.IdentityVerifier;
import dev.sallyport.pki.Pem;
import dev.sallyport.pki.PrivateFile;
import dev.sallyport.pki.TrustBundle;
import dev.sallyport.pki.Verification;
import dev.sallyport.pki.VerifiedHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the agent keeps on disk, in a folder of its own, every file 0600: `identity.pem` (key,
/// certificate, host authorities), `user-cas.pem`, `host_uuid`, `audit.key`.
public final class AgentState {
  private static final String IDENTITY = "identity.pem";
  private static final String USER_AUTHORITIES = "user-cas.pem";
  private static final String HOST_ID = "host_uuid";
  private static final String DIGEST_KEY = "audit.key";
  private static final int DIGEST_KEY_BYTES = 32;
  private static final int MAX_HOST_ID = 255;
  private static final Logger LOG = LoggerFactory.getLogger(AgentState.class);

  private final Path folder;
  private final InstantSource clock;

  /// @param folder made when something is written
  public AgentState(Path folder, InstantSource clock) {
    this.folder = folder;
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
    return switch (verify(saved, trust)) {
      case Verification.Verified<VerifiedHost> host ->
          Optional.of(
              new HostMembership(host.identity().identity().hostId(), saved.identity(), trust));
      case Verification.Refused<VerifiedHost> refused -> {
        LOG.atWarn()
            .addKeyValue("file", file)
            .addKeyValue("reason", refused.reason())
            .log("The agent's certificate does not count any more; the agent has to join again");
        yield Optional.empty();
      }
    };
  }

  private Verification<VerifiedHost> verify(IdentityFile saved, TrustBundle trust) {
    return new IdentityVerifier(() -> trust, clock)
        .host(saved.identity().chain(), Set.of(SystemRole.DB));
  }

  /// Keeps a membership; the certificate last, since it is what counts as having joined.
  public void save(HostMembership membership) throws IOException {
    PrivateFile.write(folder.resolve(HOST_ID), membership.hostId() + "\n");
    PrivateFile.write(
        folder.resolve(USER_AUTHORITIES), Pem.encode(membership.trust().userAuthorities()));
    var hosts = TrustBundle.ofHosts(membership.clusterName(), membership.trust().hostAuthorities());
    new IdentityFile(membership.identity(), hosts).write(folder.resolve(IDENTITY));
  }

  /// The host id of an earlier membership.
  public Optional<String> lastHostId() throws IOException {
    var file = folder.resolve(HOST_ID);
    if (!Files.exists(file) || Files.size(file) > MAX_HOST_ID) {
      return Optional.empty();
    }
    return Optional.of(Files.readString(file).strip()).filter(id -> !id.isEmpty());
  }

  /// The key under which records name bodies; made at the first call.
  public byte[] digestKey() throws IOException {
    var file = folder.resolve(DIGEST_KEY);
    if (Files.exists(file)) {
      try {
        var key = HexFormat.of().parseHex(Files.readString(file).strip());
        if (key.length == DIGEST_KEY_BYTES) {
          return key;
        }
      } catch (IllegalArgumentException e) {
        throw new IOException(file + " is not a key (expected: 64 hexadecimal digits)", e);
      }
      throw new IOException(file + " is not a key (expected: 64 hexadecimal digits)");
    }
    var key = new byte[DIGEST_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    PrivateFile.write(file, HexFormat.of().formatHex(key) + "\n");
    return key;
  }
}
