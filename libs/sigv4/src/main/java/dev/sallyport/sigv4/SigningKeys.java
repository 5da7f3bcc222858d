package dev.sallyport.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Derived signing keys. One lives for a day, a region and a service, so deriving it for each
/// request would be waste. Bounded: when full it starts over. Safe for any thread.
final class SigningKeys {

  /// How many keys are kept: one for each user role in use at an agent, with room.
  static final int KEYS_MAX = 4096;

  private static final String ALGORITHM = "HmacSHA256";

  private record Scope(String accessKeyId, String day, String region, String service) {}

  private record Derived(SecretKeyBytes secret, Mac ready) {}

  private final ConcurrentMap<Scope, Derived> derived = new ConcurrentHashMap<>();

  /// HMAC of the text under the key derived for the scope.
  byte[] hmac(
      SigningCredentials credentials, String day, String region, String service, String text) {
    Scope scope = new Scope(credentials.accessKeyId(), day, region, service);
    Derived found = derived.get(scope);
    // The same access key id with another secret must never find the first one's key.
    if (found == null || !found.secret().equals(credentials.secretKey())) {
      found = new Derived(credentials.secretKey(), derive(credentials.secretKey(), scope));
      if (derived.size() >= KEYS_MAX) {
        derived.clear();
      }
      derived.put(scope, found);
    }
    return copyOf(found.ready()).doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  /// How many keys are held.
  int size() {
    return derived.size();
  }

  private static Mac derive(SecretKeyBytes secret, Scope scope) {
    byte[] key = secret.derivationStart();
    for (String step :
        new String[] {scope.day(), scope.region(), scope.service(), "aws4_request"}) {
      key = keyed(key).doFinal(step.getBytes(StandardCharsets.UTF_8));
    }
    return keyed(key);
  }

  private static Mac keyed(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, impossible);
    }
  }

  /// A keyed Mac is never used itself, only its copies; so many threads may sign at once.
  private static Mac copyOf(Mac ready) {
    try {
      return (Mac) ready.clone();
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException(ALGORITHM + " of this Java cannot be copied", impossible);
    }
  }
}
