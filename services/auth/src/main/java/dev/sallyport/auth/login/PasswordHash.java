package dev.sallyport.auth.login;

import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// A password as it is kept: Argon2id with a salt of its own, in the usual text form
/// `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
///
/// Costs are those that OWASP's password storage sheet asks for at least: 19 MiB, two passes. They
/// are read back from the text within bounds, so that they can be raised later.
final class PasswordHash {
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int MEMORY_KIB_MAX = 256 * 1024;
  private static final int PASSES = 2;
  private static final int PASSES_MAX = 16;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final Pattern FORM =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=1"
              + "\\$([A-Za-z0-9+/]{1,128})\\$([A-Za-z0-9+/]{1,128})");

  private final int memoryKib;
  private final int passes;
  private final byte[] salt;
  private final byte[] hash;

  private PasswordHash(int memoryKib, int passes, byte[] salt, byte[] hash) {
    this.memoryKib = memoryKib;
    this.passes = passes;
    this.salt = salt;
    this.hash = hash;
  }

  /// Hashes a password with a fresh salt. Takes tens of milliseconds and 19 MiB.
  static PasswordHash of(Secret password, SecureRandom random) {
    var salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new PasswordHash(MEMORY_KIB, PASSES, salt, work(password, MEMORY_KIB, PASSES, salt));
  }

  /// Reads the text form back; empty when it is not one, or asks for absurd costs.
  static Optional<PasswordHash> parse(Secret text) {
    var form = FORM.matcher(text.reveal());
    if (!form.matches()) {
      return Optional.empty();
    }
    var memory = Integer.parseInt(form.group(1));
    var passes = Integer.parseInt(form.group(2));
    if (memory < 8 || memory > MEMORY_KIB_MAX || passes < 1 || passes > PASSES_MAX) {
      return Optional.empty();
    }
    try {
      var salt = Base64.getDecoder().decode(form.group(3));
      var hash = Base64.getDecoder().decode(form.group(4));
      return salt.length < 8 || hash.length != HASH_BYTES
          ? Optional.empty()
          : Optional.of(new PasswordHash(memory, passes, salt, hash));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Does the same work as [#of] and compares in constant time.
  boolean matches(Secret password) {
    return MessageDigest.isEqual(hash, work(password, memoryKib, passes, salt));
  }

  /// The text form, for the state store alone.
  Secret text() {
    var base64 = Base64.getEncoder().withoutPadding();
    return Secret.of(
        "$argon2id$v=19$m=%d,t=%d,p=1$%s$%s"
            .formatted(
                memoryKib, passes, base64.encodeToString(salt), base64.encodeToString(hash)));
  }

  @Override
  public String toString() {
    return "PasswordHash[redacted]";
  }

  private static byte[] work(Secret password, int memoryKib, int passes, byte[] salt) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(1)
            .withSalt(salt)
            .build());
    var bytes = password.reveal().getBytes(StandardCharsets.UTF_8);
    var hash = new byte[HASH_BYTES];
    generator.generateBytes(bytes, hash);
    Arrays.fill(bytes, (byte) 0);
    return hash;
  }
}
