package dev.sallyport.auth.state;

import dev.sallyport.store.Condition;
import dev.sallyport.store.StateStore;
import java.security.SecureRandom;
import java.util.HexFormat;

/// The cluster's key for what the Auth Service gives out at sign-in and wants back unchanged. Made
/// at the first start and the same for every Auth Service of the cluster.
public final class SignInKey {
  private static final int BYTES = 32;

  private final byte[] bytes;

  private SignInKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Reads the key, and makes it first when there is none.
  public static SignInKey open(StateStore store, SecureRandom random) {
    var fresh = new byte[BYTES];
    random.nextBytes(fresh);
    var made = new Kept(HexFormat.of().formatHex(fresh));
    store.put(Keys.SIGN_IN_KEY, StateJson.write(made), Condition.absent());
    var kept =
        store
            .get(Keys.SIGN_IN_KEY)
            .orElseThrow(() -> new IllegalStateException("the state forgets what it was given"));
    return new SignInKey(HexFormat.of().parseHex(StateJson.read(kept.value(), Kept.class).key()));
  }

  /// The key itself: 32 bytes.
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "SignInKey[redacted]";
  }

  /// As kept; never printed.
  private record Kept(String key) {
    @Override
    public String toString() {
      return "Kept[redacted]";
    }
  }
}
