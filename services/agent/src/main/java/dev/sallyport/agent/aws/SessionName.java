package dev.sallyport.agent.aws;

import dev.sallyport.sigv4.Sha256;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// The name that a user's AWS session carries in CloudTrail, computed from the user's name.
///
/// The mapping is injective: a name that STS takes as it is stays as it is; any other becomes a
/// readable beginning, [#MARK] and 128 bits of SHA-256 over the whole name. A name that contains
/// the mark is hashed as well, so that nobody can be named like somebody's hash. Rule of STS for
/// `RoleSessionName`: 2 to 64 characters of `[\w+=,.@-]`.
public final class SessionName {
  /// Stands between the readable beginning and the hash of a mapped name.
  static final String MARK = "=h=";

  private static final int MIN_LENGTH = 2;
  private static final int MAX_LENGTH = 64;
  private static final int HASH_BYTES = 16;
  private static final int READABLE_LENGTH = MAX_LENGTH - MARK.length() - 2 * HASH_BYTES;
  private static final Pattern REPLACED = Pattern.compile("[^A-Za-z0-9_+=,.@-]");

  private SessionName() {}

  /// The session name of this user; no two users share one.
  public static String of(String user) {
    if (isPlain(user) && !user.contains(MARK)) {
      return user;
    }
    var readable = REPLACED.matcher(user).replaceAll("-");
    return readable.substring(0, Math.min(readable.length(), READABLE_LENGTH)) + MARK + hash(user);
  }

  /// A loop, not an expression: it is asked for every request.
  private static boolean isPlain(String user) {
    for (int i = 0; i < user.length(); i++) {
      char c = user.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && "_+=,.@-".indexOf(c) < 0) {
        return false;
      }
    }
    return user.length() >= MIN_LENGTH && user.length() <= MAX_LENGTH;
  }

  /// Over the UTF-16 code units: an encoder would make one of all broken surrogates.
  private static String hash(String user) {
    var bytes = new byte[2 * user.length()];
    for (int i = 0; i < user.length(); i++) {
      bytes[2 * i] = (byte) (user.charAt(i) >> 8);
      bytes[2 * i + 1] = (byte) user.charAt(i);
    }
    return HexFormat.of().formatHex(Sha256.of(bytes), 0, HASH_BYTES);
  }
}
