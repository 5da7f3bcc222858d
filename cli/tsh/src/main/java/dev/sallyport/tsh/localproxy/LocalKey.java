package dev.sallyport.tsh.localproxy;

import dev.sallyport.model.Secret;
import java.security.SecureRandom;
import java.util.Base64;

/// An access key that opens one local proxy and nothing else. AWS has never heard of it.
///
/// @param accessKeyId what a client sends with each request
/// @param secretKey what it signs with
public record LocalKey(String accessKeyId, Secret secretKey) {
  private static final String ID_PREFIX = "TUNNEL";
  private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int ID_RANDOM_LETTERS = 14;
  private static final int SECRET_BYTES = 30;

  /// A new one, of the lengths that AWS's have: some clients check.
  public static LocalKey create(SecureRandom random) {
    var id = new StringBuilder(ID_PREFIX);
    for (int i = 0; i < ID_RANDOM_LETTERS; i++) {
      id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
    }
    var secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return new LocalKey(
        id.toString(), Secret.of(Base64.getUrlEncoder().withoutPadding().encodeToString(secret)));
  }
}
