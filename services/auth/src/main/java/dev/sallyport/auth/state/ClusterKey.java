package dev.sallyport.auth.state;

import dev.sallyport.model.Secret;
import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.security.SecureRandom;
import java.util.HexFormat;

/// A key of the cluster: made at the first start, and the same for every Auth Service of the
/// cluster.
public final class ClusterKey {
  private static final int BYTES = 32;

  private final byte[] bytes;

  private ClusterKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /// For what the Auth Service gives out at sign-in and wants back unchanged.
  public static ClusterKey ofSignIn(StateStore store, SecureRandom random) {
    return open(Keys.SIGN_IN_KEY, store, random);
  }

  /// For keyed hashes in audit records. Agents get it.
  public static ClusterKey ofAudit(StateStore store, SecureRandom random) {
    return open(Keys.AUDIT_KEY, store, random);
  }

  /// Reads the key, and makes it first when there is none.
  private static ClusterKey open(String name, StateStore store, SecureRandom random) {
    var fresh = new byte[BYTES];
    random.nextBytes(fresh);
    var made = new Kept(HexFormat.of().formatHex(fresh));
    store.put(name, StateJson.write(made), Condition.absent());
    var kept =
        store
            .get(name)
            .orElseThrow(() -> new IllegalStateException("the state forgets what it was given"));
    return new ClusterKey(HexFormat.of().parseHex(StateJson.read(kept.value(), Kept.class).key()));
  }

  /// The key itself: 32 bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  /// The key in hexadecimal digits.
  public Secret hex() {
    return Secret.of(HexFormat.of().formatHex(bytes));
  }

  @Override
  public String toString() {
    return "ClusterKey[redacted]";
  }

  /// As kept; never printed.
  private record Kept(String key) {
    @Override
    public String toString() {
      return "Kept[redacted]";
    }
  }
}
