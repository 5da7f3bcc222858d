package dev.sallyport.auth.login;

import dev.sallyport.control.ControlException;
import dev.sallyport.control.ErrorKind;
import dev.sallyport.model.Secret;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Hashes and checks passwords, a few at a time: each hash takes 19 MiB and a core for tens of
/// milliseconds, and strangers can ask for one. Who finds no room within a short wait is refused.
public final class PasswordHasher {
  /// Fewest characters of a new password.
  public static final int LENGTH_MIN = 12;

  /// Most bytes of a password.
  public static final int BYTES_MAX = 128;

  private static final int AT_ONCE = 4;
  private static final Duration WAIT_MAX = Duration.ofSeconds(5);

  private final SecureRandom random;
  private final BreachedPasswords breached;
  private final Semaphore room = new Semaphore(AT_ONCE, true);
  private final PasswordHash nobodys;

  /// @param breached what nobody may choose
  public PasswordHasher(SecureRandom random, BreachedPasswords breached) {
    this.random = random;
    this.breached = breached;
    var unguessable = new byte[32];
    random.nextBytes(unguessable);
    this.nobodys =
        PasswordHash.of(Secret.of(java.util.HexFormat.of().formatHex(unguessable)), random);
  }

  /// The text to keep for a new password.
  ///
  /// @throws ControlException of kind BAD_PARAMETER if it is too short, too long or known from a
  ///   breach
  public Secret hash(Secret password) {
    var text = password.reveal();
    if (text.codePointCount(0, text.length()) < LENGTH_MIN) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "the password is too short: it must have at least " + LENGTH_MIN + " characters");
    }
    if (tooLong(password)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "the password is too long: it may have at most " + BYTES_MAX + " bytes");
    }
    if (breached.contains(password)) {
      throw new ControlException(
          ErrorKind.BAD_PARAMETER,
          "this password is known from a data breach, so others will guess it: choose another one");
    }
    return inRoom(() -> PasswordHash.of(password, random).text());
  }

  /// Whether the password belongs to the kept text. Without one (no such user, or no password yet)
  /// it does the same work and says no.
  public boolean verify(Optional<Secret> kept, Secret password) {
    var hash = kept.flatMap(PasswordHash::parse);
    var tried = tooLong(password) ? Secret.of("") : password;
    var matches = inRoom(() -> hash.orElse(nobodys).matches(tried));
    return matches && hash.isPresent() && !tooLong(password);
  }

  private static boolean tooLong(Secret password) {
    return password.reveal().length() > BYTES_MAX
        || password.reveal().getBytes(StandardCharsets.UTF_8).length > BYTES_MAX;
  }

  private <T> T inRoom(Supplier<T> work) {
    try {
      if (!room.tryAcquire(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ControlException(
            ErrorKind.LIMIT_EXCEEDED, "too many sign-ins at once, please try again in a moment");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ControlException(ErrorKind.UNAVAILABLE, "the service is stopping");
    }
    try {
      return work.get();
    } finally {
      room.release();
    }
  }
}
