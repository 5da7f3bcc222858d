package dev.sallyport.control.host;

import dev.sallyport.control.JoinDoor;
import dev.sallyport.model.Secret;
import dev.sallyport.model.SystemRole;
import java.io.IOException;
import java.security.PublicKey;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Joins by a secret, which is in the configuration or in a file. The file is read when the host
/// has to join, and not again once it was. For one thread.
public final class SecretToken implements JoinProof {
  private final Source source;
  private @Nullable Secret read;

  /// Where the secret is.
  @FunctionalInterface
  public interface Source {
    /// Reads it.
    ///
    /// @throws IOException if it cannot be read; the message says where it should be
    Secret read() throws IOException;
  }

  public SecretToken(Source source) {
    this.source = source;
  }

  @Override
  public Shown show(JoinDoor door, PublicKey key) throws IOException {
    var secret = read;
    if (secret == null) {
      secret = source.read();
      read = secret;
    }
    return Shown.secret(secret);
  }

  @Override
  public String hint(SystemRole role) {
    return "The cluster does not take the join token: it is unknown, expired, or not for this kind"
        + " of host. Make one with 'tctl tokens add --type="
        + role.wireName().toLowerCase(Locale.ROOT)
        + "' and put it where auth_token says";
  }
}
