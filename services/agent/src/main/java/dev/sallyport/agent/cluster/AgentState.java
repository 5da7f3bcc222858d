package dev.sallyport.agent.cluster;

import dev.sallyport.control.host.HostFolder;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import dev.sallyport.pki.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// What the agent keeps on disk, in a folder of its own: its membership, and `audit.key`, 0600.
public final class AgentState {
  private static final String AUDIT_KEY = "audit.key";
  private static final int MAX_AUDIT_KEY = 255;

  private final HostFolder host;

  /// @param folder made when something is written
  public AgentState(Path folder, InstantSource clock) {
    this.host = new HostFolder(folder, SystemRole.DB, clock);
  }

  /// The folder.
  public Path folder() {
    return host.folder();
  }

  /// The membership.
  public HostFolder host() {
    return host;
  }

  /// The cluster's key for hashes in records, of an earlier start.
  ///
  /// @throws IOException if it is there and cannot be read
  Optional<Secret> auditKey() throws IOException {
    var file = folder().resolve(AUDIT_KEY);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    if (Files.size(file) > MAX_AUDIT_KEY) {
      throw new IOException(file + " is not a key (expected: 64 hexadecimal digits)");
    }
    return Optional.of(Secret.of(Files.readString(file).strip()));
  }

  /// Keeps the cluster's key for hashes in records.
  void saveAuditKey(Secret key) throws IOException {
    PrivateFile.write(folder().resolve(AUDIT_KEY), key.reveal() + "\n");
  }
}
